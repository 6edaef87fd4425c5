using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Partitions;

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

    /// <summary>A part without events: its answer says what the partition holds of a platform producer.</summary>
    public static AppendRequest OpenProducer(Hash128 producer, long generation)
    {
        var header = new PartHeader
        {
            Kind = PartKind.Events,
            HandleKind = HandleKind.Platform,
            Handle = producer,
            Sequence = generation,
            Previous = Origin.None,
            Last = Origin.None,
        };
        var part = new byte[PartCodec.HeaderSize(HandleKind.Platform, 0)];
        PartCodec.WriteHeader(header, [], 0, part);
        return new AppendRequest { Header = header, Part = part };
    }

    /// <summary>Reads a part that came from another process; null where the bytes are not one.</summary>
    public static AppendRequest? Read(Memory<byte> part)
    {
        if (!PartCodec.TryRead(part.Span, out var view, out var size) || size != part.Length)
        {
            return null;
        }

        var handles = new Hash128[view.Header.HandleKind == HandleKind.Event ? view.Header.Count : 0];
        for (var i = 0; i < handles.Length; i++)
        {
            handles[i] = view.EventHandle(i);
        }

        return new AppendRequest { Header = view.Header, Part = part, EventHandles = handles };
    }
}
