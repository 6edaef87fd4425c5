namespace Pipeline.Kernel.Codecs;

/// <summary>One decoded event, its parts still lying in the block they were read from.</summary>
public readonly ref struct RecordView
{
    public RecordFlags Flags { get; init; }

    /// <summary>Event time in ticks (100 ns since 0001-01-01 UTC); only with <see cref="RecordFlags.Time"/>.</summary>
    public long Time { get; init; }

    public Origin Origin { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    public ReadOnlySpan<byte> Attributes { get; init; }

    public ReadOnlySpan<byte> Value { get; init; }

    public bool HasKey => (Flags & RecordFlags.Key) != 0;

    public bool HasTime => (Flags & RecordFlags.Time) != 0;
}
