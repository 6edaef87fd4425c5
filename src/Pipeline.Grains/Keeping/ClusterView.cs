using System.Text.Json;
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

    public required List<KeptStore> Stores { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static ClusterView Read(byte[] json) => JsonSerializer.Deserialize<ClusterView>(json)!;
}

/// <summary>A store, as the keeper's silo sees it.</summary>
internal sealed record KeptStore(string Slot, string? Id, bool IsVoting, string? Detail);
