namespace Pipeline.Processing.Sinks;

/// <summary>
/// The directory a file sink writes to. A file is written under a hidden name, synced, and published under its own by
/// a link, which fails where that name exists: so a visible file is whole and is never replaced. Links that others
/// put into the directory are never written through. Calls fail with <see cref="IOException"/> or
/// <see cref="UnauthorizedAccessException"/>, whose text says what is wrong.
/// </summary>
public interface ISinkFiles
{
    /// <summary>
    /// The directory that a path leads to, as far as it exists: absolute, without links, <c>.</c> and <c>..</c>. Two
    /// paths lead to one directory if this is the same.
    /// </summary>
    ValueTask<string> ResolveAsync(string path, CancellationToken cancellationToken);

    /// <summary>Creates a directory where there is none.</summary>
    ValueTask CreateAsync(string directory, CancellationToken cancellationToken);

    /// <summary>What the claim of a directory says; null where there is none.</summary>
    ValueTask<string?> ReadClaimAsync(string directory, CancellationToken cancellationToken);

    /// <summary>
    /// Claims a directory durably, unless somebody did before; returns the claim that is there now.
    /// </summary>
    ValueTask<string> ClaimAsync(string directory, string claim, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the place where an activation of a partition's sink writes, and takes away those of activations before:
    /// they append and publish nothing there any more.
    /// </summary>
    ValueTask OpenAsync(
        string directory, int partition, SinkActivation activation, CancellationToken cancellationToken);

    /// <summary>Names of the visible files in a directory; links and directories are none.</summary>
    ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken);

    /// <summary>How many lines a visible file has.</summary>
    ValueTask<long> CountLinesAsync(string directory, string name, CancellationToken cancellationToken);

    /// <summary>Reads of a visible file, at most so many bytes; none at its end.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(
        string directory, string name, long position, int length, CancellationToken cancellationToken);

    /// <summary>
    /// Appends to a hidden file; <paramref name="position"/> 0 starts it anew, whatever had its name.
    /// </summary>
    ValueTask AppendAsync(
        string directory,
        string hiddenName,
        long position,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken);

    /// <summary>
    /// The sink is cut before a name: no activation before publishes that name any more. False where one just did.
    /// </summary>
    ValueTask<bool> EndAsync(string directory, string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(true);

    /// <summary>Whether a visible file without a line is what <see cref="EndAsync"/> left.</summary>
    ValueTask<bool> IsEndAsync(string directory, string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(false);

    /// <summary>Lets go of hidden files and connections; whoever goes on enters anew.</summary>
    ValueTask LeaveAsync() => ValueTask.CompletedTask;

    /// <summary>Syncs a hidden file and publishes it; it is gone afterwards, whatever the answer is.</summary>
    ValueTask<SinkPublication> PublishAsync(
        string directory, string hiddenName, string name, CancellationToken cancellationToken);
}
