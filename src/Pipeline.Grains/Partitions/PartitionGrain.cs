using Orleans.Concurrency;
using Orleans.Runtime.Placement;
using Pipeline.Grains.Spreading;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Driving;
using Pipeline.Runtime.Clusters;

namespace Pipeline.Grains.Partitions;

/// <summary>
/// Hosts a partition's driver: forwards to it, and ends with it. A driver that was fenced fails what is under way as
/// unknown, and its activation goes; the next call makes another one.
/// </summary>
[Reentrant]
[Spread]
internal sealed class PartitionGrain(
    ClusterNode node, LocalPartitions local, ILocalSiloDetails silo, TimeProvider time)
    : Grain, IPartitionGrain, IDisposable
{
    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ServePatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReservationCheck = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _ending = new();
    private readonly Reservations _reservations = new(time);
    private readonly TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PartitionDriver? _driver;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = PartitionKey.Parse(this.GetPrimaryKeyString());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(OpenPatience);
        try
        {
            _driver = await node.MakePartitionAsync(key.Id, key.Log, OnNotice, limit.Token);
        }
        catch (OperationCanceledException)
        {
            // No majority of stores: what comes now is refused, the next activation tries again.
        }

        if (_driver is null)
        {
            DeactivateOnIdle();
            return;
        }

        _driver.Start();
        local.Add(this.GetPrimaryKeyString(), _driver);
        this.RegisterGrainTimer(ReleaseOld, new GrainTimerCreationOptions(ReservationCheck, ReservationCheck));
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) =>
        StopAsync();

    public void Dispose() => _ending.Dispose();

    public async Task<AppendAnswer[]> AppendAsync(AppendMessage[] messages)
    {
        var requests = messages.Select(Read).ToArray();
        if (await ServesAsync() is not { } driver)
        {
            var moving = AppendAnswer.Of(AppendStatus.NotAppended, "the partition is moving");
            return [.. requests.Select(_ => moving)];
        }

        var outcomes = requests.Select(request => driver.AppendAsync(request, CancellationToken.None).AsTask());
        return [.. (await Task.WhenAll(outcomes)).Select(AppendAnswer.Of)];
    }

    public async Task<AppendAnswer> ReserveAsync(byte[] header, Guid token)
    {
        if (!PartCodec.TryRead(header, out var part, out _))
        {
            throw new ArgumentException("not a header of this version", nameof(header));
        }

        var request = part.Header;
        var answer = await _reservations.AskAsync(token, request, () => ReserveAsync(request));
        if (answer.Status != AppendStatus.Appended)
        {
            _reservations.Forget(token);
        }

        return answer;
    }

    public Task ReleaseAsync(Guid token)
    {
        if (_reservations.End(token) is { } header)
        {
            _driver?.Release(header);
        }

        return Task.CompletedTask;
    }

    public async Task<ReadAnswer> ReadAsync(ReadMessage message)
    {
        if (await ServesAsync() is not { } driver)
        {
            return ReadAnswer.Unavailable;
        }

        try
        {
            return ReadAnswer.Of(await driver.ReadAsync(message.ToRequest(), _ending.Token));
        }
        catch (OperationCanceledException)
        {
            return ReadAnswer.Unavailable;
        }
    }

    public async Task<long?> FindAsync(long ticks) => await ServesAsync() is { } driver
        ? (await driver.FindAsync(ticks, _ending.Token)).Value
        : null;

    public async Task TrimAsync(long lowWater)
    {
        if (_driver is { Status.IsServing: true } driver)
        {
            await driver.TrimAsync(new LogOffset(lowWater), _ending.Token);
        }
    }

    public Task<PartitionReport> StatusAsync() =>
        Task.FromResult(PartitionReport.Of(silo.SiloAddress, _driver?.Status ?? default));

    public async Task MoveAsync(SiloAddress target)
    {
        if (!target.Equals(silo.SiloAddress))
        {
            await StopAsync();
            RequestContext.Set(IPlacementDirector.PlacementHintKey, target);
            this.MigrateOnIdle();
        }
    }

    public async Task CloseAsync()
    {
        await StopAsync();
        DeactivateOnIdle();
    }

    private static AppendRequest Read(AppendMessage message) => AppendRequest.Read(message.Part) is { } request
        ? request with { Timeout = message.Timeout }
        : throw new ArgumentException("not a part of this version", nameof(message));

    private async Task<AppendAnswer> ReserveAsync(PartHeader request)
    {
        if (await ServesAsync() is not { } driver)
        {
            return AppendAnswer.Of(AppendStatus.NotAppended, "the partition is moving");
        }

        var outcome = await driver.ReserveAsync(request, CancellationToken.None);
        return AppendAnswer.Of(outcome.Status) with { Expected = outcome.Expected };
    }

    /// <summary>The driver, once it serves; null where that takes too long, or it has ended.</summary>
    private async ValueTask<PartitionDriver?> ServesAsync()
    {
        if (_driver is { Status.IsServing: false } && !_ending.IsCancellationRequested)
        {
            await Task.WhenAny(_serving.Task, Task.Delay(ServePatience, time, CancellationToken.None));
        }

        return _driver is { Status.IsServing: true } && !_ending.IsCancellationRequested ? _driver : null;
    }

    private async Task StopAsync()
    {
        if (!_ending.IsCancellationRequested)
        {
            await _ending.CancelAsync();
            if (_driver is not null)
            {
                local.Remove(this.GetPrimaryKeyString(), _driver);
                await _driver.StopAsync(DrainPatience);
            }
        }
    }

    private Task ReleaseOld(CancellationToken cancellationToken)
    {
        foreach (var header in _reservations.RemoveOld())
        {
            _driver?.Release(header);
        }

        return Task.CompletedTask;
    }

    /// <summary>On the partition's loop.</summary>
    private void OnNotice(PartitionNotice notice)
    {
        switch (notice.Event)
        {
            case PartitionEvent.Serving:
                _serving.TrySetResult();
                break;
            case PartitionEvent.Fenced or PartitionEvent.Alarm:
                _serving.TrySetResult();
                GrainContext.Deactivate(new DeactivationReason(
                    DeactivationReasonCode.ApplicationError, $"{notice.Event}: {notice.Detail}"));
                break;
            default:
                break;
        }
    }
}
