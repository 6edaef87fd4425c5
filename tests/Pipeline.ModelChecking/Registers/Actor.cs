using Pipeline.Kernel.Registers;

namespace Pipeline.ModelChecking.Registers;

/// <summary>One proposer, what it has under way, and what it is still to do.</summary>
internal sealed class Actor(RegisterProposer proposer)
{
    public RegisterProposer Proposer { get; private set; } = proposer;

    public StoreRequest[] Requests { get; private set; } = new StoreRequest[RegisterWorld.Stores];

    /// <summary>Operations of its script that were started.</summary>
    public int Started { get; set; }

    /// <summary>The operation that runs, as in the script.</summary>
    public char Operation { get; set; }

    /// <summary>The longest value that was chosen when the operation began.</summary>
    public int Floor { get; set; }

    /// <summary>The pause that can end; null: it does not pause.</summary>
    public int? Pause { get; set; }

    /// <summary>It was outbid; else it waits for stragglers.</summary>
    public bool IsOutbid { get; set; }

    /// <summary>A store with a request under way; -1: none.</summary>
    public int NextRequest => Array.FindIndex(Requests, static request => request.Kind is not null);

    public bool IsIdle => Requests.All(static request => request.Kind is null);

    public Actor Clone()
    {
        var copy = (Actor)MemberwiseClone();
        copy.Proposer = Proposer.Clone();
        copy.Requests = [.. Requests];
        return copy;
    }

    /// <summary>Nothing it knows or does matters any more.</summary>
    public bool IsDone(string script) => Started == script.Length && !Proposer.IsBusy && IsIdle;

    public void Encode(string script, ref StateEncoder to)
    {
        var isDone = IsDone(script);
        to.Write(isDone);
        if (isDone)
        {
            return;
        }

        to.Write((byte)Started);
        to.Write((byte)((IsOutbid ? 2 : 0) | (Pause is null ? 0 : 1)));
        to.Write((byte)(Proposer.IsBusy ? Floor : 0));
        Proposer.Encode(ref to);
    }

    public void EncodeStore(string script, int store, string? current, ref StateEncoder to)
    {
        if (IsDone(script))
        {
            return;
        }

        Proposer.EncodeStore(store, current, ref to);
        if (Requests[store].Answer is { } answer)
        {
            to.Write((byte)answer.Answer);
            to.Write(answer.Version == current);
            to.Write((answer.Content ?? default).Span);
        }
        else
        {
            to.Write((byte)255);
        }
    }
}
