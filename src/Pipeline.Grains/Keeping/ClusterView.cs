using System.Text.Json;
using Pipeline.Grains.Partitions;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Grains.Keeping;

/// <summary>What the keeper knows, for the fronts.</summary>
internal sealed record ClusterView
{
    /// <summary>As the register has it (CatalogCodec).</summary>
    public required byte[] Catalog { get; init; }

    public required List<string> NotMaterialized { get; init; }

    public required List<PipelineStatus> Pipelines { get; init; }

    /// <summary>Partitions that do not serve, of all.</summary>
    public required List<string> NotServing { get; init; }

    /// <summary>How each partition is; null: a keeper of before.</summary>
    public List<KeptPartition>? Partitions { get; init; }

    public required List<KeptStore> Stores { get; init; }

    public ClusterState ToState() => new()
    {
        Pipelines = Pipelines,
        NotServing = NotServing,
        Partitions = Partitions ?? [],
        Stores = Stores,
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static ClusterView Read(byte[] json) => JsonSerializer.Deserialize<ClusterView>(json)!;
}

/// <summary>A partition, as it last said that it is; times in ticks UTC.</summary>
internal sealed record KeptPartition(
    string Stream,
    int Partition,
    long First,
    long Committed,
    long Next,
    long Bytes,
    long Oldest,
    long Newest,
    bool IsServing)
{
    /// <summary><see cref="StoreIds"/>; null: not known.</summary>
    public string? WrittenTo { get; init; }

    public static KeptPartition Of(StreamName stream, in PartitionStatus status) => new(
        stream.Value,
        status.Partition,
        status.First.Value,
        status.Committed.Value,
        status.Next.Value,
        status.Bytes,
        status.Oldest,
        status.Newest,
        status.IsServing)
    {
        WrittenTo = StoreIds.Write(status.WrittenTo),
    };

    public PartitionStatus ToStatus() => new(
        Partition, new LogOffset(First), new LogOffset(Committed), new LogOffset(Next), Bytes, Oldest, Newest,
        IsServing)
    {
        WrittenTo = StoreIds.Read(WrittenTo),
    };
}

/// <summary>A store, as the keeper's silo sees it.</summary>
internal sealed record KeptStore(string Slot, string? Id, bool IsVoting, string? Detail);
