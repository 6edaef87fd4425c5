using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Codecs;

/// <summary>One decoded part, its records still lying in the block they were read from.</summary>
public readonly ref struct PartView(PartHeader header, ReadOnlySpan<byte> handles, ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> _handles = handles;

    public PartHeader Header { get; } = header;

    /// <summary>The records, one after the other (or the control payload).</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>The handle of event <paramref name="index"/>; only with <see cref="HandleKind.Event"/>.</summary>
    public Hash128 EventHandle(int index) => Hash128.Read(_handles[(index * Hash128.Size)..]);
}
