namespace Pipeline.Replication.Partitions.Reading;

/// <summary>Readers that wait for the next commit. On the partition's loop.</summary>
internal sealed class CommitWaiters(TimeProvider time)
{
    private List<Waiter> _waiting = [];

    /// <summary>Waits for a commit, or for the time to be over, or for cancellation.</summary>
    public async ValueTask WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var waiter = new Waiter();
        _waiting.Add(waiter);
        using var timer = time.CreateTimer(
            static w => ((Waiter)w!).Wake(), waiter, atMost, Timeout.InfiniteTimeSpan);
        using var registration = cancellationToken.UnsafeRegister(static w => ((Waiter)w!).Wake(), waiter);
        await waiter.Task;
        _waiting.Remove(waiter);
    }

    public void WakeAll()
    {
        if (_waiting.Count == 0)
        {
            return;
        }

        var woken = _waiting;
        _waiting = [];
        foreach (var waiter in woken)
        {
            waiter.Wake();
        }
    }

    private sealed class Waiter
    {
        private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _source.Task;

        public void Wake() => _source.TrySetResult();
    }
}
