using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Runtime.Catalog;

/// <summary>A stream of the catalog with its open partitions.</summary>
internal sealed class CatalogedStream : IStream
{
    private CatalogStream _stream;

    public CatalogedStream(CatalogStream stream, IPartitionHost partitions)
    {
        (Id, _stream) = (stream.Id, stream);
        Partitions = [.. Enumerable.Range(0, stream.Definition.Partitions).Select(index => partitions.Open(
            new PartitionId(Name, index), new LogId(Id, index), stream.Definition))];
    }

    public StreamName Name => Definition.Name;

    public long Id { get; }

    public StreamDefinition Definition => Volatile.Read(ref _stream).Definition;

    public IReadOnlyList<CatalogGap> Gaps => Volatile.Read(ref _stream).Gaps;

    public IReadOnlyList<IPartition> Partitions { get; }

    public void Change(CatalogStream stream, IPartitionHost partitions)
    {
        var (before, definition) = (_stream.Definition, stream.Definition);
        Volatile.Write(ref _stream, stream);
        if (definition == before)
        {
            return;
        }

        foreach (var partition in Partitions)
        {
            partitions.Change(partition, definition);
        }
    }
}
