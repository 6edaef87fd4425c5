using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Registers;
using Pipeline.Replication.Loops;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Registers;

/// <summary>
/// Looks at one register's blob on each store and gives the value accepted at the highest ballot: a hint where to
/// start, not a read. Lives on the loop; for one use.
/// </summary>
internal sealed class RegisterPeek(
    BlobName name, IReadOnlyList<IBlobStore> stores, int quorum, ILoop loop, RegisterOptions options)
{
    private readonly TaskCompletionSource<RegisterOutcome> _done =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RegisterState? _highest;
    private int _answers;
    private int _whole;
    private int _absent;
    private ITimer? _deadline;

    /// <summary>Chosen: the hint; NotBorn: a majority has no such blob.</summary>
    public Task<RegisterOutcome> RunAsync()
    {
        _deadline = loop.Time.CreateTimer(
            static peek => ((RegisterPeek)peek!).End(), this, options.OperationTimeout, Timeout.InfiniteTimeSpan);
        if (stores.Count == 0)
        {
            End();
        }

        foreach (var store in stores)
        {
            LoopTasks.Start(() => LookAsync(store), fault => _done.TrySetException(fault));
        }

        return _done.Task;
    }

    private async Task LookAsync(IBlobStore store)
    {
        using var timeout = new CancellationTokenSource(options.RequestTimeout, loop.Time);
        BlobContent content;
        try
        {
            content = await store.GetAsync(name, timeout.Token);
        }
        catch (Exception fault)
        {
            if (fault is not OperationCanceledException)
            {
                loop.Supervisor.Tell(new Fault(FaultSource.Job, "store", $"store {store.Name}", fault));
            }

            content = new BlobContent(BlobStatus.Unavailable, Detail: fault.Message);
        }

        _answers++;
        _absent += content.Status == BlobStatus.NotFound ? 1 : 0;
        if (content.IsOk && RegisterStateCodec.Decode(content.Bytes, out var state) == RegisterReading.Whole)
        {
            _whole++;
            _highest = _highest is { } highest && highest.Accepted >= state.Accepted ? highest : state;
        }

        if (_answers == stores.Count || _whole >= quorum)
        {
            End();
        }
    }

    private void End()
    {
        _deadline?.Dispose();
        _done.TrySetResult(_highest switch
        {
            { } state => new RegisterOutcome(RegisterStatus.Chosen, state.Value),
            null when _absent >= quorum => new RegisterOutcome(RegisterStatus.NotBorn, default, $"{name} is not there"),
            null => new RegisterOutcome(RegisterStatus.Unavailable, default, $"{name}: no store has it"),
        });
    }
}
