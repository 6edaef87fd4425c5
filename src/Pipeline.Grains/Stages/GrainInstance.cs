using Pipeline.Grains.Calls;
using Pipeline.Runtime.Clusters;
using Pipeline.Runtime.Partitions;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Grains.Stages;

/// <summary>An instance that some silo runs, as the keeper sees it.</summary>
internal sealed class GrainInstance(
    InstanceAddress address, IPartition input, IGrainFactory grains, TimeProvider time) : IInstance
{
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly IStageGrain _grain = grains.GetGrain<IStageGrain>(StageKey.Of(address));
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StageReport _report = StageReport.None;
    private StageInstanceStatus? _status;
    private volatile bool _isWanted;

    /// <summary>Whether it is to run: the keeper goes on asking for it.</summary>
    public bool IsWanted => _isWanted;

    /// <summary>The lag behind the input as it was last asked: its silo does not ask how its input is.</summary>
    public StageInstanceStatus Status => (Volatile.Read(ref _status) ?? new StageInstanceStatus
    {
        Stage = address.Stage,
        Input = input.Id.Stream.Value,
        Partition = address.Partition,
        State = _isWanted ? StageInstanceState.Starting : StageInstanceState.Paused,
        Cursor = 0,
        Counts = default,
    }).Against(input.Status);

    public long? DurableCursor => Volatile.Read(ref _report).DurableCursor;

    /// <summary>That is its silo's to see to.</summary>
    public bool IsOvertaken => false;

    public Task EndedAsync() => _ended.Task;

    public void Start()
    {
        _isWanted = true;
        _ = AskAsync();
    }

    /// <summary>Has it run, and learns how it is.</summary>
    public async Task AskAsync()
    {
        try
        {
            var report = await _grain.RunAsync(address.Definition).WaitAsync(AskPatience, time);
            if (_isWanted && report.ToStatus() is { } status)
            {
                Volatile.Write(ref _report, report);
                Volatile.Write(ref _status, status);
            }
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            // Asked again soon.
        }
    }

    public async ValueTask<bool> StopAsync(bool withCheckpoint, CancellationToken cancellationToken)
    {
        var ran = _isWanted;
        _isWanted = false;
        var isAtCheckpoint = !ran;
        try
        {
            isAtCheckpoint |= await _grain.StopAsync(withCheckpoint, StopPatience)
                .WaitAsync(StopPatience + AskPatience, time, cancellationToken);
        }
        catch (Exception fault) when (ClusterFault.Is(fault) || fault is OperationCanceledException)
        {
            // It goes on, or begins again, at its last checkpoint; epochs keep two apart.
        }

        if (_status is { } status)
        {
            Volatile.Write(ref _status, status with { State = StageInstanceState.Paused });
        }

        _ended.TrySetResult();
        return isAtCheckpoint;
    }

    public void Leave() => _grain.LeaveAsync().Ignore();

    public void Renew() => _grain.RenewAsync().Ignore();

    public void SeeTo() => _grain.SeeToAsync().Ignore();
}
