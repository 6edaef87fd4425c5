using System.Text.Json;
using Orleans.Runtime.Placement;
using Pipeline.Grains.Calls;
using Pipeline.Grains.Partitions;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Instances;

/// <summary>An instance that some silo runs, as the keeper sees it.</summary>
/// <param name="address">Which one.</param>
/// <param name="input">The partition it reads.</param>
/// <param name="grains">Where its grain is.</param>
/// <param name="time">The host's clock.</param>
/// <param name="supervisor">Is told what nobody expected; null: nobody is.</param>
internal sealed class GrainInstance(
    InstanceAddress address, IPartition input, IGrainFactory grains, TimeProvider time, Supervisor? supervisor)
    : IInstance
{
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CutPatience = TimeSpan.FromSeconds(8);

    /// <summary>Nobody has said for so long that he runs it: nobody does, as far as anybody knows.</summary>
    private static readonly TimeSpan ReportPatience = TimeSpan.FromSeconds(5);

    private readonly IStageGrain _grain = grains.GetGrain<IStageGrain>(StageKey.Of(address));
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StageReport _report = StageReport.None;
    private StageInstanceStatus? _status;
    private volatile bool _isWanted;
    private long _reported;
    private long _wanted;

    /// <summary>Where the partition is served that it reads; null where that is not known.</summary>
    private SiloAddress? Beside => input is GrainPartition { Report: { IsServing: true } report } ? report.Silo : null;

    /// <summary>Whether it is to run: the keeper goes on asking for it.</summary>
    public bool IsWanted => _isWanted;

    /// <summary>Whether it was stopped, for good.</summary>
    public bool IsStopped => _ended.Task.IsCompleted;

    /// <summary>The lag behind the input as it was last asked: its silo does not ask how its input is.</summary>
    public StageInstanceStatus Status
    {
        get
        {
            var known = Volatile.Read(ref _status);
            var status = known ?? Unknown(_isWanted ? StageInstanceState.Starting : StageInstanceState.Paused);
            var last = known is null ? Volatile.Read(ref _wanted) : Volatile.Read(ref _reported);
            return (_isWanted && time.GetElapsedTime(last) > ReportPatience
                ? status with { State = StageInstanceState.Unowned, Error = "no silo reports that it runs this" }
                : status).Against(input.Status);
        }
    }

    /// <summary>Whether it runs on another silo than the partition it reads.</summary>
    public bool IsAway => _isWanted && Volatile.Read(ref _report).Silo is { } silo
        && Beside is { } target && !target.Equals(silo);

    public long? DurableCursor => Volatile.Read(ref _report).DurableCursor;

    /// <summary>That is its silo's to see to.</summary>
    public bool IsOvertaken => false;

    public Task EndedAsync() => _ended.Task;

    public void Start()
    {
        Volatile.Write(ref _wanted, time.GetTimestamp());
        _isWanted = true;
        LoopTasks.Start(AskAsync, OnFault);
    }

    /// <summary>Has it run beside the partition it reads.</summary>
    public Task FollowAsync() => Beside is { } target ? _grain.MoveAsync(target) : Task.CompletedTask;

    /// <summary>Has it run, and learns how it is. Where it does not, it begins beside the partition it reads.</summary>
    public async Task AskAsync()
    {
        try
        {
            if (Beside is { } place)
            {
                RequestContext.Set(IPlacementDirector.PlacementHintKey, place);
            }

            var report = await _grain.RunAsync(address.Definition).WaitAsync(AskPatience, time);
            if (_isWanted && report.ToStatus() is { } status)
            {
                Volatile.Write(ref _report, report);
                Volatile.Write(ref _reported, time.GetTimestamp());
                Volatile.Write(ref _status, status with { Reported = time.GetUtcNow().UtcTicks });
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

    public async ValueTask<CutResult> CutAsync(CutOrder order, CancellationToken cancellationToken)
    {
        try
        {
            // Not asked twice: an answer that was lost does not say that it did not happen, and a term is used once.
            var answer = await _grain.CutAsync(address.Definition, order.Term, order.DrainTo, CutPatience)
                .WaitAsync(CutPatience + AskPatience, time, cancellationToken);
            return JsonSerializer.Deserialize<CutResult>(answer)!;
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            return new CutResult(CutStatus.Unavailable, 0, $"its silo does not answer: {fault.Message}");
        }
    }

    public void Leave() => _grain.LeaveAsync().Ignore();

    public void Renew() => _grain.RenewAsync().Ignore();

    public void SeeTo() => _grain.SeeToAsync().Ignore();

    /// <summary>It has failed, until its silo reports otherwise.</summary>
    private void OnFault(Exception fault)
    {
        var name = $"{address.Stage}, partition {address.Partition}";
        supervisor?.Tell(new Fault(FaultSource.Machine, "stage", $"stage {name}", fault));
        Volatile.Write(ref _reported, time.GetTimestamp());
        Volatile.Write(ref _status, (Volatile.Read(ref _status) ?? Unknown(StageInstanceState.Failed)) with
        {
            State = StageInstanceState.Failed,
            Error = $"asking its silo to run it: {fault.Message}",
        });
    }

    private StageInstanceStatus Unknown(StageInstanceState state) => new()
    {
        Stage = address.Stage,
        Input = input.Id.Stream.Value,
        Partition = address.Partition,
        State = state,
        Cursor = 0,
        Counts = default,
    };
}
