namespace Pipeline.Runtime.Sinks;

/// <summary>
/// The directory a file sink writes to. A file is written under a hidden name, synced, and published under its own by
/// a link, which fails where that name exists: so a visible file is whole and is never replaced.
/// </summary>
public interface ISinkFiles
{
    /// <summary>Names of the visible files in a directory that is created where it is missing.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken);

    /// <summary>How many lines a visible file has.</summary>
    ValueTask<long> CountLinesAsync(string directory, string name, CancellationToken cancellationToken);

    /// <summary>Appends to a hidden file; <paramref name="position"/> 0 starts it anew.</summary>
    ValueTask AppendAsync(
        string directory,
        string hiddenName,
        long position,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken);

    /// <summary>Syncs a hidden file and publishes it; false where the visible name exists already.</summary>
    ValueTask<bool> PublishAsync(
        string directory, string hiddenName, string name, CancellationToken cancellationToken);
}
