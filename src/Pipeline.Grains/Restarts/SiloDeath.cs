using Microsoft.Extensions.Logging;

namespace Pipeline.Grains.Restarts;

/// <summary>
/// Learns that this silo cannot go on: the others declared it dead, or a part of Orleans ended that it cannot be
/// without. Orleans itself would end the process; here its host decides.
/// </summary>
/// <param name="log">Says so.</param>
public sealed class SiloDeath(ILogger<SiloDeath> log) : IFatalErrorHandler
{
    private readonly TaskCompletionSource<string> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes, with the reason, when the silo cannot go on.</summary>
    public Task<string> Told => _told.Task;

    public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

    /// <summary>From any thread; the first time counts.</summary>
    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        var reason = string.Join(": ", new[] { sender?.GetType().Name, context, exception?.Message }.OfType<string>());
        if (_told.TrySetResult(reason))
        {
            log.LogDeath(reason, exception);
        }
    }
}
