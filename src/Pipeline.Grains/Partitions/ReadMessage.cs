using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Partitions;

/// <summary>A read on the wire.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.ReadMessage")]
internal sealed record ReadMessage
{
    [Id(0)]
    public long From { get; init; }

    [Id(1)]
    public BlockPosition? After { get; init; }

    [Id(2)]
    public int MaxBytes { get; init; }

    [Id(3)]
    public TimeSpan Wait { get; init; }

    /// <summary>A silo of before does not know it, and answers with blocks.</summary>
    [Id(4)]
    public bool LeavesClosed { get; init; }

    public static ReadMessage Of(ReadRequest request, TimeSpan wait) => new()
    {
        From = request.From.Value,
        After = request.After is { } after ? BlockPosition.Of(after) : null,
        MaxBytes = request.MaxBytes,
        Wait = wait,
        LeavesClosed = request.LeavesClosed,
    };

    public ReadRequest ToRequest() => new()
    {
        From = new LogOffset(From),
        After = After?.ToPosition(),
        MaxBytes = MaxBytes,
        Wait = Wait,
        LeavesClosed = LeavesClosed,
    };
}

/// <summary>A block's place on the wire.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.BlockPosition")]
internal readonly record struct BlockPosition([property: Id(0)] long Segment, [property: Id(1)] int Block)
{
    public static BlockPosition Of(LogPosition position) => new(position.Segment, position.Block);

    public LogPosition ToPosition() => new(Segment, Block);
}

/// <summary>A block on the wire.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.BlockMessage")]
internal readonly record struct BlockMessage(
    [property: Id(0)] BlockPosition Position,
    [property: Id(1)] long First,
    [property: Id(2)] int Count,
    [property: Id(3)] ReadOnlyMemory<byte> Payload);

/// <summary>The answer to a read on the wire.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.ReadAnswer")]
internal sealed record ReadAnswer
{
    public static readonly ReadAnswer Unavailable = new() { Status = ReadStatus.Unavailable };

    [Id(0)]
    public required ReadStatus Status { get; init; }

    [Id(1)]
    public BlockMessage[] Blocks { get; init; } = [];

    [Id(2)]
    public BlockPosition? Next { get; init; }

    [Id(3)]
    public long First { get; init; }

    [Id(4)]
    public long Committed { get; init; }

    public static ReadAnswer Of(ReadOutcome outcome) => new()
    {
        Status = outcome.Status,
        Blocks = [.. outcome.Blocks.Select(static block => new BlockMessage(
            BlockPosition.Of(block.Position), block.First.Value, block.Count, block.Payload))],
        Next = outcome.Next is { } next ? BlockPosition.Of(next) : null,
        First = outcome.First.Value,
        Committed = outcome.Committed.Value,
    };

    public ReadOutcome ToOutcome() => new(Status)
    {
        Blocks = [.. Blocks.Select(static block => new LogBlock(
            block.Position.ToPosition(), new LogOffset(block.First), block.Count, block.Payload))],
        Next = Next?.ToPosition(),
        First = new LogOffset(First),
        Committed = new LogOffset(Committed),
    };
}
