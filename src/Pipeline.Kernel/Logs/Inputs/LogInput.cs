using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Owning;

namespace Pipeline.Kernel.Logs.Inputs;

/// <summary>One input of a <see cref="LogMachine"/>. <see cref="Now"/> is a monotone clock in ticks (100 ns).</summary>
public readonly record struct LogInput
{
    public LogInputKind Kind { get; private init; }

    public long Now { get; private init; }

    public StoreId Store { get; private init; }

    public SegmentId Segment { get; private init; }

    public StoreReply Status { get; private init; }

    /// <summary>
    /// Encoded: the frame's bytes. Appended, Compared: the blob's. Append: the part's. Indexed: none.
    /// </summary>
    public long Length { get; private init; }

    /// <summary>Appended, Compared: the sequence number after the last frame sent.</summary>
    public long FrameEnd { get; private init; }

    /// <summary>Append: the driver's number for the request.</summary>
    public int Slice { get; private init; }

    public PartHeader Header { get; private init; }

    public IReadOnlyList<Hash128>? EventHandles { get; private init; }

    /// <summary>
    /// Append: monotone time after which its outcome counts as unknown. ManifestProposed: injected jitter.
    /// </summary>
    public long Deadline { get; private init; }

    /// <summary>Pump: the wall clock, ticks UTC, read once and logged as the acceptance time.</summary>
    public long WallTime { get; private init; }

    public LogManifest? Manifest { get; private init; }

    public SegmentCopy Copy { get; private init; }

    public LogReplay? Replay { get; private init; }

    public Hash256 Hash { get; private init; }

    public IReadOnlyList<StoreId>? Members { get; private init; }

    /// <summary>Members: ⌊N/2⌋ + 1 of the configured stores.</summary>
    public int Quorum { get; private init; }

    /// <summary>Trim: what the stream's readers have let go of.</summary>
    public LogOffset LowWater { get; private init; }

    /// <summary>Trim: the first segment to keep and its first offset.</summary>
    public long KeptNumber { get; private init; }

    public LogOffset KeptFirst { get; private init; }

    public static LogInput Start(long now) => new() { Kind = LogInputKind.Start, Now = now };

    public static LogInput Stop(long now) => new() { Kind = LogInputKind.Stop, Now = now };

    public static LogInput VotersAre(long now, IReadOnlyList<StoreId> members, int quorum) =>
        new() { Kind = LogInputKind.Members, Now = now, Members = members, Quorum = quorum };

    public static LogInput Append(
        long now, int slice, int length, in PartHeader header, IReadOnlyList<Hash128>? handles, long deadline) => new()
        {
            Kind = LogInputKind.Append,
            Now = now,
            Slice = slice,
            Length = length,
            Header = header,
            EventHandles = handles,
            Deadline = deadline,
        };

    /// <summary><paramref name="keptNumber"/>: the segment that holds the low water mark.</summary>
    public static LogInput Trim(long now, LogOffset lowWater, long keptNumber, LogOffset keptFirst) => new()
    {
        Kind = LogInputKind.Trim,
        Now = now,
        LowWater = lowWater,
        KeptNumber = keptNumber,
        KeptFirst = keptFirst,
    };

    /// <summary>Does nothing where another segment is open by now, or this one has no events.</summary>
    public static LogInput Roll(long now, SegmentId open) =>
        new() { Kind = LogInputKind.Roll, Now = now, Segment = open };

    public static LogInput Pump(long now, long wallTime) =>
        new() { Kind = LogInputKind.Pump, Now = now, WallTime = wallTime };

    public static LogInput Encoded(long now, long length) =>
        new() { Kind = LogInputKind.Encoded, Now = now, Length = length };

    public static LogInput Tick(long now) => new() { Kind = LogInputKind.Tick, Now = now };

    /// <summary><paramref name="manifest"/> is null where no majority answered.</summary>
    public static LogInput ManifestRead(long now, LogManifest? manifest) =>
        new() { Kind = LogInputKind.ManifestRead, Now = now, Manifest = manifest };

    /// <summary>
    /// <paramref name="manifest"/>: the register's value after the proposal, whoever proposed it; null where the
    /// outcome is unknown. <paramref name="jitter"/>: a random delay in ticks before a lost claim is tried again.
    /// </summary>
    public static LogInput ManifestProposed(long now, LogManifest? manifest, long jitter) =>
        new() { Kind = LogInputKind.ManifestProposed, Now = now, Manifest = manifest, Deadline = jitter };

    public static LogInput Created(long now, StoreId store, SegmentId segment, StoreReply status) =>
        new() { Kind = LogInputKind.Created, Now = now, Store = store, Segment = segment, Status = status };

    public static LogInput Appended(
        long now, StoreId store, SegmentId segment, long frameEnd, StoreReply status, long length) => new()
        {
            Kind = LogInputKind.Appended,
            Now = now,
            Store = store,
            Segment = segment,
            FrameEnd = frameEnd,
            Status = status,
            Length = length,
        };

    /// <summary>
    /// Ok: the blob's first <paramref name="length"/> bytes are this owner's, and durable. Foreign: they are not.
    /// </summary>
    public static LogInput Compared(
        long now, StoreId store, SegmentId segment, StoreReply status, long length) => new()
        {
            Kind = LogInputKind.Compared,
            Now = now,
            Store = store,
            Segment = segment,
            Status = status,
            Length = length,
        };

    public static LogInput Copied(
        long now, StoreId store, SegmentId segment, StoreReply status, SegmentCopy copy) => new()
        {
            Kind = LogInputKind.Copied,
            Now = now,
            Store = store,
            Segment = segment,
            Status = status,
            Copy = copy,
        };

    public static LogInput Loaded(
        long now, StoreId store, SegmentId segment, StoreReply status, LogReplay? replay, Hash256 hash) => new()
        {
            Kind = LogInputKind.Loaded,
            Now = now,
            Store = store,
            Segment = segment,
            Status = status,
            Replay = replay,
            Hash = hash,
        };

    public static LogInput Fixed(long now, StoreId store, SegmentId segment, StoreReply status) =>
        new() { Kind = LogInputKind.Fixed, Now = now, Store = store, Segment = segment, Status = status };

    public static LogInput Indexed(long now, Hash256 hash) =>
        new() { Kind = LogInputKind.Indexed, Now = now, Hash = hash };

    public static LogInput Hashed(long now, SegmentId segment, Hash256 hash) =>
        new() { Kind = LogInputKind.Hashed, Now = now, Segment = segment, Hash = hash };
}
