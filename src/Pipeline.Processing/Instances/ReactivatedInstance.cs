using Pipeline.Replication.Loops;

namespace Pipeline.Processing.Instances;

/// <summary>
/// An instance that comes back. One that was overtaken has ended for good; after a while, drawn at random so that two
/// hosts do not keep overtaking each other, a new one takes its place. While this host lives it may own the partitions,
/// and then nobody else would run the stage.
/// </summary>
internal sealed class ReactivatedInstance(ILoop loop, Random draw, Func<CutOrder?, IInstance> make)
    : IInstance, IDisposable
{
    private static readonly TimeSpan LeastPause = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private IInstance _current = make(null);
    private string? _fault;

    /// <summary>The instance now.</summary>
    public IInstance Current => Volatile.Read(ref _current);

    public StageInstanceStatus Status => Volatile.Read(ref _fault) is { } fault
        ? Current.Status with { State = StageInstanceState.Failed, Error = fault }
        : Current.Status;

    public long? DurableCursor => Current.DurableCursor;

    public bool IsOvertaken => Volatile.Read(ref _fault) is null && Current.IsOvertaken;

    public Task EndedAsync() => Current.EndedAsync();

    public void Start() => loop.Post(
        static self =>
        {
            var instance = (ReactivatedInstance)self!;
            LoopTasks.Start(instance.RunAsync, instance.OnFault);
        },
        this);

    public async ValueTask<bool> StopAsync(bool withCheckpoint, CancellationToken cancellationToken)
    {
        var last = new TaskCompletionSource<IInstance>(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(
            _ =>
            {
                _stop.Cancel();
                last.SetResult(_current);
            },
            null);
        var instance = await last.Task;
        return await instance.StopAsync(withCheckpoint, cancellationToken);
    }

    /// <summary>What runs was stopped before; one that is made for it goes to the cut and ends there.</summary>
    public async ValueTask<CutResult> CutAsync(CutOrder order, CancellationToken cancellationToken)
    {
        var cutter = make(order);
        cutter.Start();

        // At once where the time is over: it ends as after a crash, and is not clean then.
        await using var giveUp = cancellationToken.Register(
            () => loop.Run("giving up a cut", async () => await cutter.StopAsync(false, CancellationToken.None)));
        await cutter.EndedAsync();
        return CutResult.Of(cutter.Status);
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                _current.Start();
                await _current.EndedAsync();
                if (!_current.IsOvertaken)
                {
                    return;
                }

                await Task.Delay((1 + (3 * draw.NextDouble())) * LeastPause, loop.Time, _stop.Token);
                Volatile.Write(ref _current, make(null));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopped while it waited.
        }
    }

    /// <summary>No other takes the place of the last one: it has failed, and says so.</summary>
    private void OnFault(Exception error)
    {
        var name = $"{Current.Status.Stage}, partition {Current.Status.Partition}";
        loop.Supervisor.Tell(new Fault(FaultSource.Machine, "stage", $"stage {name}", error));
        Volatile.Write(ref _fault, $"beginning anew: {error.Message}");
    }
}
