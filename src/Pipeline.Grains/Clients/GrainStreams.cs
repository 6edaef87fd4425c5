using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Grains.Clients;

/// <summary>The streams of a cluster as of one answer of the keeper; immutable.</summary>
internal sealed class GrainStreams : IStreams
{
    private readonly FrozenDictionary<StreamName, IStream> _streams;
    private readonly FrozenSet<string> _notMaterialized;

    public GrainStreams(CatalogState state, IEnumerable<string> notMaterialized, ICluster cluster)
    {
        _notMaterialized = notMaterialized.ToFrozenSet();
        var kept = state.Streams.Where(stream => !_notMaterialized.Contains(stream.Definition.Name.Value));
        _streams = kept.ToFrozenDictionary(
            static stream => stream.Definition.Name,
            stream => (IStream)new GrainStream(stream, [.. Enumerable.Range(0, stream.Definition.Partitions).Select(
                index => cluster.OpenPartition(
                    new PartitionId(stream.Definition.Name, index), new LogId(stream.Id, index)))]));
    }

    public IReadOnlyList<IStream> List() => [.. _streams.Values.OrderBy(static stream => stream.Name)];

    public bool TryGet(StreamName name, [NotNullWhen(true)] out IStream? stream) =>
        _streams.TryGetValue(name, out stream);

    public bool IsNotMaterialized(StreamName name) => _notMaterialized.Contains(name.Value);
}
