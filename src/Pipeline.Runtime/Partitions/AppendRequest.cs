using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Partitions;

/// <summary>
/// One part of a request, for one partition. The partition owns the buffer until the outcome is there.
/// </summary>
public sealed record AppendRequest
{
    /// <summary>What <see cref="PartCodec.WriteHeader"/> will write, but for the accepted time.</summary>
    public required PartHeader Header { get; init; }

    /// <summary>
    /// The encoded part, header included (<see cref="PartCodec"/>): written to the log as it lies here, after the
    /// owner has stamped the accepted time.
    /// </summary>
    public required Memory<byte> Part { get; init; }

    /// <summary>With <see cref="HandleKind.Event"/>: one handle an event, in order.</summary>
    public IReadOnlyList<Hash128> EventHandles { get; init; } = [];

    /// <summary>How long to wait for the commit before the answer is OutcomeUnknown.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
