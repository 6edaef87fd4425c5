namespace Pipeline.Backups.Taking;

/// <summary>How far a backup is; may be read from any thread.</summary>
public sealed class BackupProgress(string id, DateTimeOffset started)
{
    private long _newBytes;
    private int _logs;

    public string Id => id;

    public DateTimeOffset Started => started;

    /// <summary>Bytes stored so far.</summary>
    public long NewBytes => Interlocked.Read(ref _newBytes);

    /// <summary>Logs read so far; each is read twice at least.</summary>
    public int Logs => Volatile.Read(ref _logs);

    internal void Add(long bytes) => Interlocked.Add(ref _newBytes, bytes);

    internal void AddLog() => Interlocked.Increment(ref _logs);
}
