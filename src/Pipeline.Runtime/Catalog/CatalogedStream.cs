using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Partitions;

namespace Pipeline.Runtime.Catalog;

/// <summary>A stream of the catalog with its open partitions.</summary>
internal sealed class CatalogedStream : IStream
{
    private StreamDefinition _definition;

    public CatalogedStream(CatalogStream stream, IPartitionHost partitions)
    {
        (Id, _definition) = (stream.Id, stream.Definition);
        Partitions = [.. Enumerable.Range(0, stream.Definition.Partitions).Select(index => partitions.Open(
            new PartitionId(Name, index), new LogId(Id, index), _definition))];
    }

    public StreamName Name => _definition.Name;

    public long Id { get; }

    public StreamDefinition Definition => Volatile.Read(ref _definition);

    public IReadOnlyList<IPartition> Partitions { get; }

    public void Change(StreamDefinition definition, IPartitionHost partitions)
    {
        if (definition == _definition)
        {
            return;
        }

        Volatile.Write(ref _definition, definition);
        foreach (var partition in Partitions)
        {
            partitions.Change(partition, definition);
        }
    }
}
