using System.Text.Json;
using Orleans.Concurrency;
using Orleans.Runtime.Placement;
using Pipeline.Grains.Instances;
using Pipeline.Grains.Spreading;
using Pipeline.Grains.Streaming;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Clusters;

namespace Pipeline.Grains.Stages;

/// <summary>
/// Hosts a stage or sink instance: makes it when the keeper asks, and ends it when nobody does. It reads its input
/// through a subscription of this grain to the partition's stream.
/// </summary>
[Reentrant]
[Spread]
internal sealed class StageGrain(ClusterNode node, ILocalSiloDetails silo, TimeProvider time) : Grain, IStageGrain
{
    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Unwanted = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private IInstance? _instance;
    private StreamedInput? _input;
    private string _definition = "";
    private Task _change = Task.CompletedTask;
    private long _asked;
    private bool _isMoving;
    private bool _isGone;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _asked = time.GetTimestamp();
        this.RegisterGrainTimer(CheckAsync, new GrainTimerCreationOptions(CheckInterval, CheckInterval));
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        await InOrderAsync(() => EndAsync(withCheckpoint: true, EndPatience));

    public Task<StageReport> RunAsync(string definition)
    {
        // Where this one was to begin says nothing of the grains that it calls.
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        _asked = time.GetTimestamp();
        if (!_isMoving && _change.IsCompleted && (_instance is null || _definition != definition))
        {
            InOrderAsync(() => OpenAsync(definition)).Ignore();
        }

        return Task.FromResult(
            _instance is { } instance && _definition == definition
                ? StageReport.Of(instance, silo.SiloAddress)
                : StageReport.None);
    }

    public async Task<bool> StopAsync(bool withCheckpoint, TimeSpan patience)
    {
        var isAtCheckpoint = true;
        await InOrderAsync(async () => isAtCheckpoint = await EndAsync(withCheckpoint, patience));
        return isAtCheckpoint;
    }

    public async Task<byte[]> CutAsync(string definition, long term, long? drainTo, TimeSpan patience)
    {
        _asked = time.GetTimestamp();
        var result = new CutResult(
            CutStatus.Unavailable, 0, "the catalog cannot be read, or it has another definition by now");
        var order = new CutOrder(term, drainTo);
        await InOrderAsync(async () => result = await CutNowAsync(definition, order, patience) ?? result);
        return JsonSerializer.SerializeToUtf8Bytes(result);
    }

    public async Task MoveAsync(SiloAddress target)
    {
        if (!target.Equals(silo.SiloAddress) && !_isMoving)
        {
            _isMoving = true;
            await InOrderAsync(() => EndAsync(withCheckpoint: true, EndPatience));
            RequestContext.Set(IPlacementDirector.PlacementHintKey, target);
            this.MigrateOnIdle();
            _isGone = true;
        }
    }

    public Task LeaveAsync()
    {
        _instance?.Leave();
        return Task.CompletedTask;
    }

    public Task RenewAsync()
    {
        _instance?.Renew();
        return Task.CompletedTask;
    }

    public async Task SeeToAsync()
    {
        await node.RefreshAsync(CancellationToken.None);
        _instance?.SeeTo();
    }

    private async Task OpenAsync(string definition)
    {
        await EndAsync(withCheckpoint: true, EndPatience);
        using var limit = new CancellationTokenSource(OpenPatience, time);
        try
        {
            var address = StageKey.Parse(this.GetPrimaryKeyString(), definition);
            var scheduler = TaskScheduler.Current;
            _instance = await node.MakeInstanceAsync(
                address, partition => _input = Subscribable(address, partition, scheduler), limit.Token);
        }
        catch (OperationCanceledException)
        {
            // No majority of stores: the keeper asks again.
        }

        _definition = definition;
        _instance?.Start();
    }

    /// <summary>Null where the catalog does not name it.</summary>
    private async Task<CutResult?> CutNowAsync(string definition, CutOrder order, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience, time);
        await EndAsync(withCheckpoint: true, patience / 2);
        StreamedInput? input = null;
        try
        {
            var address = StageKey.Parse(this.GetPrimaryKeyString(), definition);
            var scheduler = TaskScheduler.Current;
            var instance = await node.MakeInstanceAsync(
                address, partition => input = Subscribable(address, partition, scheduler), limit.Token);
            return instance is null ? null : await instance.CutAsync(order, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            input?.Close();
        }
    }

    private async Task<bool> EndAsync(bool withCheckpoint, TimeSpan patience)
    {
        if (_instance is not { } instance)
        {
            return true;
        }

        _instance = null;
        using var limit = new CancellationTokenSource(patience, time);
        var isAtCheckpoint = await instance.StopAsync(withCheckpoint, limit.Token);
        _input?.Close();
        return isAtCheckpoint;
    }

    private StreamedInput Subscribable(InstanceAddress address, IPartition partition, TaskScheduler scheduler)
    {
        var log = new LogId(address.InputStream, address.Partition);
        var stream = this.GetStreamProvider(LogStreamProvider.ProviderName)
            .GetStream<LogEventBlock>(LogStreamKey.ToStreamId(partition.Id, log));
        return new StreamedInput(partition, stream, scheduler, time);
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (_instance is { } instance && instance.EndedAsync().IsCompleted)
        {
            _input?.Close();
        }

        // Where it could not move, the next activation is placed anew.
        if (_isGone)
        {
            DeactivateOnIdle();
        }

        if (time.GetElapsedTime(_asked) > Unwanted)
        {
            await InOrderAsync(() => EndAsync(withCheckpoint: true, EndPatience));
            DeactivateOnIdle();
        }
    }

    /// <summary>One change after the other, though calls interleave.</summary>
    private Task InOrderAsync(Func<Task> change)
    {
        return _change = Run(_change);

        async Task Run(Task before)
        {
            const ConfigureAwaitOptions Quiet =
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;
            await before.ConfigureAwait(Quiet);
            await change();
        }
    }
}
