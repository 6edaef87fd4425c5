using Pipeline.Kernel.Codecs;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Partitions;

/// <summary>An append on the wire: the encoded part says all of it.</summary>
/// <param name="Part">The bytes (<see cref="PartCodec"/>); the receiver's from then on.</param>
/// <param name="Timeout">How long it may wait for the commit.</param>
[GenerateSerializer, Immutable, Alias("pipeline.AppendMessage")]
internal sealed record AppendMessage([property: Id(0)] byte[] Part, [property: Id(1)] TimeSpan Timeout);

/// <summary>The answer to an append or a reservation on the wire.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.AppendAnswer")]
internal sealed record AppendAnswer
{
    [Id(0)]
    public required AppendStatus Status { get; init; }

    [Id(1)]
    public long[] First { get; init; } = [];

    [Id(2)]
    public int[] Count { get; init; } = [];

    [Id(3)]
    public int Accepted { get; init; }

    [Id(4)]
    public int Duplicates { get; init; }

    [Id(5)]
    public long Expected { get; init; }

    [Id(6)]
    public long LastOffset { get; init; }

    [Id(7)]
    public int LastOrdinal { get; init; }

    [Id(8)]
    public string? Detail { get; init; }

    public static AppendAnswer Of(AppendStatus status, string? detail = null) => new()
    {
        Status = status,
        LastOffset = Origin.None.Offset,
        Detail = detail,
    };

    public static AppendAnswer Of(AppendOutcome outcome) => new()
    {
        Status = outcome.Status,
        First = [.. outcome.Runs.Select(static run => run.First.Value)],
        Count = [.. outcome.Runs.Select(static run => run.Count)],
        Accepted = outcome.Accepted,
        Duplicates = outcome.Duplicates,
        Expected = outcome.Expected,
        LastOffset = outcome.Last.Offset,
        LastOrdinal = outcome.Last.Ordinal,
        Detail = outcome.Detail,
    };

    public AppendOutcome ToOutcome() => new(Status)
    {
        Runs = [.. First.Zip(Count, static (first, count) => new OffsetRun(new(first), count))],
        Accepted = Accepted,
        Duplicates = Duplicates,
        Expected = Expected,
        Last = new Origin(LastOffset, LastOrdinal),
        Detail = Detail,
    };
}
