using Pipeline.Runtime.Loops;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Runs asynchronous work on a loop, one after the other, whoever asks from whatever thread.</summary>
internal sealed class LoopGate(ILoop loop)
{
    private readonly Queue<Func<Task>> _waiting = new();
    private bool _isBusy;

    public async ValueTask<T> RunAsync<T>(Func<Task<T>> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(
            _ =>
            {
                _waiting.Enqueue(() => CompleteAsync(work, done));
                if (!_isBusy)
                {
                    _ = DrainAsync();
                }
            },
            null);
        return await done.Task;
    }

    private async Task DrainAsync()
    {
        _isBusy = true;
        while (_waiting.TryDequeue(out var next))
        {
            await next();
        }

        _isBusy = false;
    }

    private static async Task CompleteAsync<T>(Func<Task<T>> work, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(await work());
        }
        catch (OperationCanceledException cancelled)
        {
            done.SetCanceled(cancelled.CancellationToken);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            done.SetException(error);
        }
    }
}
