using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Codecs;

/// <summary>One decoded part, its records still lying in the block they were read from.</summary>
public readonly ref struct PartView(
    PartHeader header, ReadOnlySpan<byte> handles, ReadOnlySpan<byte> body, ReadOnlySpan<byte> trace)
{
    private readonly ReadOnlySpan<byte> _handles = handles;
    private readonly ReadOnlySpan<byte> _trace = trace;

    public PartHeader Header { get; } = header;

    /// <summary>The records, one after the other (or the control payload).</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>Where the part was appended from; none where that was not traced.</summary>
    public TraceContext Trace => _trace.IsEmpty ? TraceContext.None : TraceContext.Read(_trace);

    /// <summary>The handle of event <paramref name="index"/>; only with <see cref="HandleKind.Event"/>.</summary>
    public Hash128 EventHandle(int index) => Hash128.Read(_handles[(index * Hash128.Size)..]);
}
