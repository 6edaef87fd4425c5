namespace Pipeline.Kernel.Stages;

/// <summary>One event as an operator sees it; its bytes live only during the call.</summary>
public readonly ref struct StageRecord
{
    /// <summary>Its offset in the stage's input partition.</summary>
    public long Offset { get; init; }

    /// <summary>Event time in ticks UTC (100 ns since 0001-01-01).</summary>
    public long Time { get; init; }

    /// <summary>When the input partition accepted it, ticks UTC.</summary>
    public long AcceptedTime { get; init; }

    /// <summary>The input partition's number.</summary>
    public int Partition { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The JSON text, valid and UTF-8.</summary>
    public ReadOnlySpan<byte> Value { get; init; }
}
