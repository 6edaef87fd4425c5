namespace Pipeline.Replication.Loops;

/// <summary>Runs asynchronous work on a loop, one after the other, whoever asks from whatever thread.</summary>
public sealed class LoopGate(ILoop loop)
{
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private bool _isBusy;

    /// <summary>What the work gives, or throws.</summary>
    public async ValueTask<T> RunAsync<T>(Func<Task<T>> work) => await loop.CallAsync(() => InTurnAsync(work));

    private async Task<T> InTurnAsync<T>(Func<Task<T>> work)
    {
        if (_isBusy)
        {
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn);
            await turn.Task;
        }

        _isBusy = true;
        try
        {
            return await work();
        }
        finally
        {
            // Who comes now waits behind those who wait already.
            _isBusy = _waiting.TryDequeue(out var next);
            next?.SetResult();
        }
    }
}
