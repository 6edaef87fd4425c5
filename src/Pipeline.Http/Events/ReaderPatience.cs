using Microsoft.AspNetCore.Http;
using Pipeline.Http.Engine;

namespace Pipeline.Http.Events;

/// <summary>
/// Drops a client that does not read: what was written for it takes memory, and its connection a place, until it has
/// read on.
/// </summary>
internal sealed class ReaderPatience(PipelineHttpOptions options, TimeProvider time)
{
    /// <summary>Sends what was written; breaks the connection where the client has not taken it in time.</summary>
    /// <exception cref="OperationCanceledException">The client has gone, or was dropped.</exception>
    public async ValueTask FlushAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var flush = context.Response.BodyWriter.FlushAsync(cancellationToken);
        if (flush.IsCompleted)
        {
            await flush;
            return;
        }

        try
        {
            await flush.AsTask().WaitAsync(options.ReaderPatience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            context.Abort();
            throw new OperationCanceledException($"The client did not read for {options.ReaderPatience}.");
        }
    }
}
