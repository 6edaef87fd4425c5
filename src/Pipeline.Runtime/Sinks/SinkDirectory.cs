namespace Pipeline.Runtime.Sinks;

/// <summary>A directory of the machine's file system; every call ends before it returns.</summary>
internal sealed class SinkDirectory : ISinkFiles
{
    public ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        return ValueTask.FromResult<IReadOnlyList<string>>([.. Directory.EnumerateFiles(directory)
            .Select(file => Path.GetFileName(file)).Where(name => name[0] != '.').Order(StringComparer.Ordinal)]);
    }

    public ValueTask<long> CountLinesAsync(string directory, string name, CancellationToken cancellationToken)
    {
        using var file = File.OpenRead(Path.Combine(directory, name));
        var buffer = new byte[1 << 16];
        var lines = 0L;
        for (int read; (read = file.Read(buffer)) > 0;)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return ValueTask.FromResult(lines);
    }

    public ValueTask AppendAsync(
        string directory,
        string hiddenName,
        long position,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken)
    {
        var mode = position == 0 ? FileMode.Create : FileMode.Open;
        using var file = new FileStream(Path.Combine(directory, hiddenName), mode, FileAccess.Write);
        file.Position = position;
        file.Write(bytes.Span);
        file.SetLength(file.Position);
        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> PublishAsync(
        string directory, string hiddenName, string name, CancellationToken cancellationToken)
    {
        var hidden = Path.Combine(directory, hiddenName);
        using (var file = new FileStream(hidden, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true);
        }

        var isNew = SinkLinks.TryLink(hidden, Path.Combine(directory, name));
        SinkLinks.SyncDirectory(directory);
        File.Delete(hidden);
        return ValueTask.FromResult(isNew);
    }
}
