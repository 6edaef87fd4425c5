namespace Pipeline.Storage.AzureBlob.Containers;

/// <summary>The caller's token, which is also cancelled when a request has taken too long.</summary>
internal sealed class RequestLimit : IDisposable
{
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _either;

    public RequestLimit(TimeProvider time, TimeSpan limit, CancellationToken caller)
    {
        _timeout = new CancellationTokenSource(limit, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, caller);
    }

    public CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _either.Dispose();
        _timeout.Dispose();
    }
}
