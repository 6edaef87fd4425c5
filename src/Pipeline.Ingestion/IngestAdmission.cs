namespace Pipeline.Ingestion;

/// <summary>
/// Bounds the bytes of all requests that the process works on at a time, so that overload costs an answer (429) and
/// not memory. A request enters with what it will need at least before its body is read, and grows with the body.
/// </summary>
public sealed class IngestAdmission(long maxBytes)
{
    private long _inUse;

    public long MaxBytes => maxBytes;

    /// <summary>Bytes of the requests in work.</summary>
    public long InUse => Interlocked.Read(ref _inUse);

    /// <summary>Takes the bytes, or nothing where that would be more than the bound.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _inUse, bytes) <= maxBytes)
        {
            return true;
        }

        Interlocked.Add(ref _inUse, -bytes);
        return false;
    }

    public void Give(long bytes) => Interlocked.Add(ref _inUse, -bytes);
}
