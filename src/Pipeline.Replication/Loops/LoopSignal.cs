namespace Pipeline.Replication.Loops;

/// <summary>Wakes what waits on the same loop.</summary>
public sealed class LoopSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with the next <see cref="Set"/>.</summary>
    public Task WaitAsync() => _next.Task;

    public void Set()
    {
        var set = _next;
        _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        set.SetResult();
    }
}
