using System.Text;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// A directory of the machine's file system, for one activation; every call ends before it returns.
/// </summary>
internal sealed class SinkDirectory : ISinkFiles
{
    private const int MaxClaim = 4096;

    private DirectoryInfo? _place;

    public ValueTask<string> ResolveAsync(string path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(LinkedPath.Resolve(path));

    public ValueTask CreateAsync(string directory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        return ValueTask.CompletedTask;
    }

    public ValueTask<string?> ReadClaimAsync(string directory, CancellationToken cancellationToken) =>
        ValueTask.FromResult(ReadClaim(directory));

    public ValueTask<string> ClaimAsync(string directory, string claim, CancellationToken cancellationToken)
    {
        var hidden = Path.Combine(directory, $"{SinkFileName.Claim}-{Path.GetRandomFileName()}");
        try
        {
            using (var file = new FileStream(hidden, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(Encoding.UTF8.GetBytes(claim));
                file.Flush(flushToDisk: true);
            }

            SinkLinks.TryLink(hidden, Path.Combine(directory, SinkFileName.Claim));
            SinkLinks.SyncDirectory(directory);
        }
        finally
        {
            File.Delete(hidden);
        }

        return ValueTask.FromResult(ReadClaim(directory) ?? throw new IOException(
            $"{Path.Combine(directory, SinkFileName.Claim)} was taken away while it was written"));
    }

    public ValueTask OpenAsync(
        string directory, int partition, SinkActivation activation, CancellationToken cancellationToken)
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos($".{partition}-*"))
        {
            if (SinkFileName.TryParsePlace(entry.Name, partition, out var other) && other < activation)
            {
                TakeAway(entry);
            }
        }

        _place = Directory.CreateDirectory(Path.Combine(directory, SinkFileName.Place(partition, activation)));
        return _place.LinkTarget is null
            ? ValueTask.CompletedTask
            : throw new IOException($"{_place.FullName} is a link");
    }

    public ValueTask LeaveAsync()
    {
        try
        {
            _place?.Delete(recursive: true);
        }
        catch (Exception left) when (left is IOException or UnauthorizedAccessException)
        {
            // The next activation takes it away, if that one did not already.
        }

        _place = null;
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<string>>([.. new DirectoryInfo(directory).EnumerateFiles()
            .Where(static file => file.Name[0] != '.' && file.LinkTarget is null)
            .Select(static file => file.Name).Order(StringComparer.Ordinal)]);

    public ValueTask<long> CountLinesAsync(string directory, string name, CancellationToken cancellationToken)
    {
        using var file = SinkLinks.OpenFile(Path.Combine(directory, name), FileAccess.Read);
        var buffer = new byte[1 << 16];
        var lines = 0L;
        for (int read; (read = file.Read(buffer)) > 0;)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return ValueTask.FromResult(lines);
    }

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(
        string directory, string name, long position, int length, CancellationToken cancellationToken)
    {
        using var file = SinkLinks.OpenFile(Path.Combine(directory, name), FileAccess.Read);
        file.Position = position;
        var bytes = new byte[length];
        return ValueTask.FromResult<ReadOnlyMemory<byte>>(
            bytes.AsMemory(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
    }

    public ValueTask AppendAsync(
        string directory,
        string hiddenName,
        long position,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken)
    {
        var path = Path.Combine(directory, hiddenName);
        if (position == 0)
        {
            // Deleting a link leaves what it leads to; a new file is never made through one.
            File.Delete(path);
        }

        using var file = position == 0
            ? new FileStream(path, FileMode.CreateNew, FileAccess.Write)
            : SinkLinks.OpenFile(path, FileAccess.ReadWrite);
        file.Position = position;
        file.Write(bytes.Span);
        file.SetLength(file.Position);
        return ValueTask.CompletedTask;
    }

    public async ValueTask<SinkPublication> PublishAsync(
        string directory, string hiddenName, string name, CancellationToken cancellationToken)
    {
        var hidden = Path.Combine(directory, hiddenName);
        var visible = Path.Combine(directory, name);
        using (var file = SinkLinks.OpenFile(hidden, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true);
        }

        var publication = SinkLinks.TryLink(hidden, visible) ? SinkPublication.Published
            : await BeginAlikeAsync(hidden, visible, cancellationToken) ? SinkPublication.Known
            : SinkPublication.Foreign;
        SinkLinks.SyncDirectory(directory);
        File.Delete(hidden);
        return publication;
    }

    /// <summary>Whether the shorter file is the beginning of the longer one.</summary>
    private static async ValueTask<bool> BeginAlikeAsync(
        string hidden, string visible, CancellationToken cancellationToken)
    {
        if (Directory.Exists(visible) || new FileInfo(visible).LinkTarget is not null)
        {
            return false;
        }

        using var left = SinkLinks.OpenFile(hidden, FileAccess.Read);
        using var right = SinkLinks.OpenFile(visible, FileAccess.Read);
        return await SinkContent.BeginAlikeAsync(left, right, cancellationToken);
    }

    /// <summary>Under another name first, at once: whoever writes there finds nothing any more.</summary>
    private static void TakeAway(FileSystemInfo entry)
    {
        if (entry is not DirectoryInfo { LinkTarget: null } place)
        {
            entry.Delete();
            return;
        }

        place.MoveTo($"{place.FullName}-{Path.GetRandomFileName()}");
        place.Delete(recursive: true);
    }

    private static string? ReadClaim(string directory)
    {
        var path = Path.Combine(directory, SinkFileName.Claim);
        if (!Path.Exists(path))
        {
            return null;
        }

        using var file = SinkLinks.OpenFile(path, FileAccess.Read);
        var bytes = new byte[MaxClaim];
        return Encoding.UTF8.GetString(bytes, 0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
    }
}
