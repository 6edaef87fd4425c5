using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Partitions;

/// <summary>How a partition is, and where.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.PartitionReport")]
internal sealed record PartitionReport
{
    [Id(0)]
    public required SiloAddress Silo { get; init; }

    [Id(1)]
    public int Partition { get; init; }

    [Id(2)]
    public long First { get; init; }

    [Id(3)]
    public long Committed { get; init; }

    [Id(4)]
    public long Next { get; init; }

    [Id(5)]
    public long Bytes { get; init; }

    [Id(6)]
    public long Oldest { get; init; }

    [Id(7)]
    public long Newest { get; init; }

    [Id(8)]
    public bool IsServing { get; init; }

    /// <summary><see cref="StoreIds"/>; null: a silo of before.</summary>
    [Id(9)]
    public string? WrittenTo { get; init; }

    public static PartitionReport Of(SiloAddress silo, PartitionStatus status) => new()
    {
        Silo = silo,
        Partition = status.Partition,
        First = status.First.Value,
        Committed = status.Committed.Value,
        Next = status.Next.Value,
        Bytes = status.Bytes,
        Oldest = status.Oldest,
        Newest = status.Newest,
        IsServing = status.IsServing,
        WrittenTo = StoreIds.Write(status.WrittenTo),
    };

    public PartitionStatus ToStatus() => new(
        Partition, new LogOffset(First), new LogOffset(Committed), new LogOffset(Next), Bytes, Oldest, Newest,
        IsServing)
    {
        WrittenTo = StoreIds.Read(WrittenTo),
    };
}
