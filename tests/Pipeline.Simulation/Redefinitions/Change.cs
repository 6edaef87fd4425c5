using Pipeline.Simulation.Histories;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// A change that was asked for, over all attempts to get it answered, and what its operator knows of it.
/// </summary>
public sealed class Change
{
    public required string Pipeline { get; init; }

    /// <summary>The new definition; null: DELETE.</summary>
    public DrawnPipeline? Definition { get; init; }

    public bool DeletesStreams { get; init; }

    /// <summary>Nothing contradicts it: a refusal is wrong.</summary>
    public bool IsSimple { get; init; }

    /// <summary>How often the pipeline had been deleted before.</summary>
    public required int Life { get; init; }

    /// <summary>Attempts that a process may still be working at.</summary>
    public int Attempts { get; set; }

    /// <summary>When the last attempt was answered, though perhaps nobody heard it, or its process was gone.</summary>
    public long Ended { get; set; }

    /// <summary>Virtual ticks of the first attempt.</summary>
    public required long From { get; init; }

    /// <summary>When it was acknowledged or refused; until then it may take effect.</summary>
    public long To { get; set; } = long.MaxValue;

    /// <summary>Refused: it has no effect.</summary>
    public Knowledge Knowledge { get; private set; } = Knowledge.Unknown;

    /// <summary>What it was answered last, for people.</summary>
    public string Answer { get; private set; } = "";

    public bool IsMade => Knowledge == Knowledge.Acknowledged;

    public bool MayBeInForce => Knowledge != Knowledge.Refused && Definition is not null;

    public void Note(Knowledge knowledge, long at, string answer)
    {
        Answer = answer;
        if (knowledge != Knowledge.Unknown && Knowledge == Knowledge.Unknown)
        {
            (Knowledge, To) = (knowledge, at);
        }
    }

    public override string ToString() => $"{Pipeline} life {Life} {From / 10_000_000d:F3}–"
        + $"{(To == long.MaxValue ? "" : $"{To / 10_000_000d:F3}")} {Knowledge} {Answer} "
        + (Definition is { } d
            ? string.Join(" ", d.Stages.Select(s => $"{s.Name}<{s.From}#{s.Mark}>={s.Threshold} key {s.Key} "
                + $"{(s.IsMaterialized ? "kept" : "")};")) + string.Join(" ", d.Sinks.Select(s => $"{s.From}>{s.Path}"))
            : DeletesStreams ? "DELETE with streams" : "DELETE");
}
