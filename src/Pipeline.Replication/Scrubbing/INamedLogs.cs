using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Scrubbing;

/// <summary>
/// Which logs there are to be. What is replicated does not know what for: whoever keeps the list says in which register
/// it is, and reads its values.
/// </summary>
public interface INamedLogs
{
    /// <summary>The register that holds the list.</summary>
    BlobName Register { get; }

    /// <exception cref="InvalidDataException">A newer program's value, which cannot be read here.</exception>
    NamedLogs Read(ReadOnlySpan<byte> value);
}

/// <summary>A list of logs: streams by number, and the number that no stream has had yet.</summary>
public sealed record NamedLogs(long NextStream, IReadOnlyList<NamedStream> Streams);

/// <summary>A stream's logs: one a partition.</summary>
public sealed record NamedStream(long Id, StreamName Name, int Partitions);
