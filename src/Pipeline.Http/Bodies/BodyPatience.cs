using Microsoft.AspNetCore.Http;

namespace Pipeline.Http.Bodies;

/// <summary>How long a body may take: some time without a byte, and some time in all.</summary>
/// <param name="Stall">Without any byte.</param>
/// <param name="Total">From the first byte to the last one.</param>
internal sealed record BodyLimits(TimeSpan Stall, TimeSpan Total)
{
    public static BodyLimits Default { get; } = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
}

/// <summary>
/// Ends the reading of a body that does not come on. What it needs for that is made when a body is first waited for: a
/// small one has come with its head.
/// </summary>
internal sealed class BodyPatience(BodyLimits limits, HttpContext context) : IDisposable
{
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private CancellationTokenSource? _source;

    /// <summary>Cancelled when the patience is over, or the client has gone.</summary>
    public CancellationToken Token => Source.Token;

    /// <summary>Whether it was the patience that ended.</summary>
    public bool IsOver =>
        _source is { IsCancellationRequested: true } && !context.RequestAborted.IsCancellationRequested;

    private CancellationTokenSource Source =>
        _source ??= CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);

    /// <summary>Waits for the next bytes no longer than it may.</summary>
    public async ValueTask<T> AwaitAsync<T>(ValueTask<T> read)
    {
        if (read.IsCompleted)
        {
            return await read;
        }

        var left = limits.Total - TimeProvider.System.GetElapsedTime(_start);
        var wait = left < limits.Stall ? left : limits.Stall;
        Source.CancelAfter(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        var result = await read;
        Source.CancelAfter(Timeout.InfiniteTimeSpan);
        return result;
    }

    public void Dispose() => _source?.Dispose();
}
