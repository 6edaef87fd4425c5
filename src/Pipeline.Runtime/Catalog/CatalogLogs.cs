using Pipeline.Kernel.Identity;
using Pipeline.Replication.Scrubbing;

namespace Pipeline.Runtime.Catalog;

/// <summary>The logs that the catalog names.</summary>
public sealed class CatalogLogs : INamedLogs
{
    public BlobName Register => CatalogRegister.Name;

    public NamedLogs Read(ReadOnlySpan<byte> value)
    {
        var state = CatalogCodec.Read(value);
        return new NamedLogs(state.NextStream, [.. state.Streams.Select(static stream =>
            new NamedStream(stream.Id, stream.Definition.Name, stream.Definition.Partitions))]);
    }
}
