using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Grains.Clients;

/// <summary>A stream of the cluster's catalog.</summary>
internal sealed record GrainStream(CatalogStream Stream, IReadOnlyList<IPartition> Partitions) : IStream
{
    public StreamName Name => Stream.Definition.Name;

    public long Id => Stream.Id;

    public IReadOnlyList<CatalogGap> Gaps => Stream.Gaps;

    public StreamDefinition Definition => Stream.Definition;
}
