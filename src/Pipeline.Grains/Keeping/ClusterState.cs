using System.Text.Json;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Grains.Keeping;

/// <summary>How everything in the catalog is, for health and for gauges of fronts.</summary>
internal sealed record ClusterState
{
    public required List<PipelineStatus> Pipelines { get; init; }

    /// <summary>Partitions that do not serve, of all.</summary>
    public required List<string> NotServing { get; init; }

    public required List<KeptPartition> Partitions { get; init; }

    public required List<KeptStore> Stores { get; init; }
}

/// <summary>What the keeper says to a front that knows some state.</summary>
/// <param name="Number">Of the keeper's state; another keeper has other numbers.</param>
/// <param name="State">A <see cref="ClusterState"/>; null: it is what the front knows.</param>
internal sealed record StateNews(Guid Number, byte[]? State)
{
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    public static StateNews Read(byte[] json) => JsonSerializer.Deserialize<StateNews>(json)!;
}
