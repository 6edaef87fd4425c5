using Pipeline.Kernel.Logs.Owning;

namespace Pipeline.Replication.Partitions.Driving;

/// <summary>
/// The wait before a partition stops: until nothing is under way, and then for stores that the majority was ahead of.
/// But for <see cref="WaitAsync"/> it is used on the loop.
/// </summary>
internal sealed class PartitionStop(TimeProvider time)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TimeSpan _copies;
    private ITimer? _behind;

    public bool HasBegun { get; private set; }

    public async Task WaitAsync(TimeSpan patience)
    {
        using var timer = time.CreateTimer(
            static stop => ((PartitionStop)stop!).End(), this, patience, Timeout.InfiniteTimeSpan);
        await _done.Task;
    }

    /// <param name="copies">How long, once nothing is under way, for stores that are behind.</param>
    public void Begin(TimeSpan copies) => (HasBegun, _copies) = (true, copies);

    public void End()
    {
        _behind?.Dispose();
        _done.TrySetResult();
    }

    /// <summary>Ends the wait where there is nothing to wait for any more, as where nobody serves (null).</summary>
    public void Look(LogMachine? machine)
    {
        if (!HasBegun || machine is { IsQuiet: false })
        {
            return;
        }

        if (machine is null or { IsOnEveryStore: true } || _copies <= TimeSpan.Zero)
        {
            End();
            return;
        }

        _behind ??= time.CreateTimer(
            static stop => ((PartitionStop)stop!).End(), this, _copies, Timeout.InfiniteTimeSpan);
    }
}
