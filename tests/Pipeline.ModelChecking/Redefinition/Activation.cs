using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages.Delivering;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Redefinition;

internal enum ActivationPhase
{
    /// <summary>It knows what it is to run, nothing else.</summary>
    Planned,

    /// <summary>It holds the epoch and opens its targets, one after the other.</summary>
    Opening,

    Running,

    /// <summary>Refused, fenced or overtaken.</summary>
    Ended,
}

/// <summary>
/// An activation of an instance: a process that runs it, or cuts it. It may stop at any step, for good or for as long
/// as it likes; what it had sent is carried out then or later, which is no other than its taking that step later.
/// </summary>
internal sealed record Activation(InstancePlan Plan, long Layout, long Term)
{
    public ActivationPhase Phase { get; init; }

    public Epoch Epoch { get; init; }

    public long Number { get; init; }

    /// <summary>What it took over.</summary>
    public WorldRegister? Loaded { get; init; }

    /// <summary>What the targets opened so far hold.</summary>
    public Origin[] Held { get; init; } = [];

    public RunNode? Node { get; init; }

    /// <summary>For each outlet how many of its parts are committed.</summary>
    public int[] Sent { get; init; } = [];

    /// <summary>A checkpoint that waits until what was made before it is committed, or is under way.</summary>
    public RunNode? Saving { get; init; }

    /// <summary>The last checkpoint written.</summary>
    public RunNode? Saved { get; init; }

    public Activation Ended() => new(Plan, Layout, Term) { Phase = ActivationPhase.Ended };

    public bool IsCaughtUp
    {
        get
        {
            for (var outlet = 0; outlet < Held.Length; outlet++)
            {
                if (Node!.Last[outlet] < Held[outlet])
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether a checkpoint of that state may be written, by the shipped rule.</summary>
    public bool HasSent(RunNode through)
    {
        for (var outlet = 0; outlet < Sent.Length; outlet++)
        {
            if (!CheckpointDelivery.IsCommitted(through.Last[outlet], Committed(outlet)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Everything made for an outlet through here is durable in its target.</summary>
    public Origin Committed(int outlet) =>
        Sent[outlet] == 0 ? Node!.Held[outlet] : Node!.Parts[outlet][Sent[outlet] - 1].Header.Last;

    public UInt128 Print()
    {
        if (Phase == ActivationPhase.Ended)
        {
            return 1;
        }

        var writer = new ByteWriter();
        writer.UInt128(Plan.Print);
        writer.Int64(Layout);
        writer.Int64(Term);
        writer.Byte((byte)Phase);
        writer.Int64(Epoch.Value);
        writer.Int64(Number);
        writer.UInt128(Phase == ActivationPhase.Opening ? Loaded!.Print : 0);
        writer.UInt128(Node?.Print ?? 0);
        writer.UInt128(Saving?.Print ?? 0);
        writer.UInt128(Saved?.Print ?? 0);
        foreach (var held in Node is null ? Held : [])
        {
            writer.Int64(held.Offset);
            writer.Int32(held.Ordinal);
        }

        foreach (var sent in Sent)
        {
            writer.Int32(sent);
        }

        return Fingerprints.Of(writer.Written);
    }
}
