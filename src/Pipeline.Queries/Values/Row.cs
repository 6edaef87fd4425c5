using Pipeline.Queries.Json;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Values;

/// <summary>What expressions are evaluated over: one event's fields, or one group of a window that closes.</summary>
internal readonly ref struct Row
{
    public required Evaluation State { get; init; }

    public ReadOnlySpan<byte> Json { get; init; }

    public ReadOnlySpan<FieldSlot> Slots { get; init; }

    /// <summary>System.Timestamp(): event time or window end, ticks UTC.</summary>
    public long Time { get; init; }

    /// <summary>What the calls that look at earlier events give for this one.</summary>
    public ReadOnlySpan<HeldValue> Analytics { get; init; }

    public WindowTable? Window { get; init; }

    public int Group { get; init; }
}
