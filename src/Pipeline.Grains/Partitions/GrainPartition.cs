using Pipeline.Grains.Calls;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Partitions;

/// <summary>
/// A partition that some silo serves. Calls are made again, for a while, where a silo dies or the partition moves: only
/// where that cannot append twice, which a handle in the part makes sure of.
/// </summary>
internal sealed class GrainPartition(PartitionKey key, IGrainFactory grains, TimeProvider time) : IPartition
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RunningLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ServingLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StatusPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(1);

    private readonly IPartitionGrain _grain = grains.GetGrain<IPartitionGrain>(key.ToString());
    private readonly AppendLane _lane = new(grains.GetGrain<IPartitionGrain>(key.ToString()).AppendAsync, time);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<PartHeader, Guid> _reserved = new();
    private readonly Lock _lock = new();
    private PartitionReport? _report;
    private PartitionStatus _status = new() { Partition = key.Id.Index };

    public PartitionKey Key => key;

    public PartitionId Id => key.Id;

    /// <summary>As it was when it last served: while it moves, what it holds is not less.</summary>
    public PartitionStatus Status
    {
        get
        {
            lock (_lock)
            {
                return _status;
            }
        }
    }

    /// <summary>Whether it serves shows when it is called.</summary>
    public bool MayAppend => true;

    /// <summary>The last answer to <see cref="RefreshAsync"/>; null before the first.</summary>
    public PartitionReport? Report => Volatile.Read(ref _report);

    /// <summary>Asks how it is, which also has it served somewhere; false where nobody answers.</summary>
    public async ValueTask<bool> RefreshAsync()
    {
        try
        {
            var report = await _grain.StatusAsync().WaitAsync(StatusPatience, time);
            Volatile.Write(ref _report, report);
            Take(report.ToStatus());
            return true;
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            Take(default);
            return false;
        }
    }

    /// <summary>Takes what silos said of it; false where it must be asked.</summary>
    public bool TakeSaid(SiloReports reports)
    {
        if (reports.Find(key.ToString()) is not { } report)
        {
            return false;
        }

        Volatile.Write(ref _report, report);
        Take(report.ToStatus());
        return true;
    }

    /// <summary>Asks how it is until it serves, for a while; its status then says whether it does.</summary>
    public async ValueTask AwaitServingAsync(CancellationToken cancellationToken)
    {
        var retry = new Retry(time, ServingLimit);
        while (!await RefreshAsync() || !Status.IsServing)
        {
            if (!await retry.AgainAsync(false, cancellationToken))
            {
                return;
            }
        }
    }

    /// <summary>Somebody said how it is. Of two that served, the later one holds more.</summary>
    public void Take(PartitionStatus status)
    {
        lock (_lock)
        {
            _status = (status.IsServing && status.Committed >= _status.Committed ? status : _status) with
            {
                IsServing = status.IsServing,
            };
        }
    }

    public async ValueTask<AppendOutcome> AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        var isRepeatable = request.Header.HandleKind != HandleKind.None || request.Header.Kind != PartKind.Events;
        var retry = new Retry(time, Limit);
        var isUnknown = false;
        while (true)
        {
            var (outcome, wasSilent) = await TryAppendAsync(request, isRepeatable ? retry.Patience : Limit);
            isUnknown |= outcome.Status == AppendStatus.OutcomeUnknown;
            var isOver = outcome.Status switch
            {
                AppendStatus.NotAppended => false,
                AppendStatus.OutcomeUnknown => !isRepeatable,
                AppendStatus.InProgress => !isUnknown,
                _ => true,
            };
            if (isOver || !await retry.AgainAsync(wasSilent, cancellationToken))
            {
                return isUnknown && !isOver ? new AppendOutcome(AppendStatus.OutcomeUnknown) : outcome;
            }
        }
    }

    public async ValueTask<ReserveOutcome> ReserveAsync(PartHeader request, CancellationToken cancellationToken)
    {
        var token = _reserved.GetOrAdd(request, static _ => Guid.NewGuid());
        var header = new byte[PartCodec.HeaderSize(request.HandleKind, request.Count)];
        PartCodec.WriteHeader(request, [], 0, header);
        var retry = new Retry(time, Limit);
        var running = new Retry(time, RunningLimit);
        while (true)
        {
            var wasSilent = false;
            var answer = AppendAnswer.Of(AppendStatus.NotAppended);
            try
            {
                answer = await _grain.ReserveAsync(header, token).WaitAsync(retry.Patience, time, cancellationToken);
            }
            catch (Exception fault) when (ClusterFault.Is(fault))
            {
                wasSilent = true;
            }

            // The release of a request that was answered just now may still be on its way.
            var isAgain = answer.Status switch
            {
                AppendStatus.NotAppended => await retry.AgainAsync(wasSilent, cancellationToken),
                AppendStatus.InProgress => await running.AgainAsync(false, cancellationToken),
                _ => false,
            };
            if (!isAgain)
            {
                return new ReserveOutcome(answer.Status, answer.Expected);
            }
        }
    }

    public void Release(PartHeader request)
    {
        if (_reserved.TryRemove(request, out var token))
        {
            _grain.ReleaseAsync(token).Ignore();
        }
    }

    public async ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var retry = new Retry(time, ReadLimit);
        var ends = new Retry(time, EndLimit);
        while (true)
        {
            var left = request.Wait - time.GetElapsedTime(start);
            var wait = left < TimeSpan.Zero ? TimeSpan.Zero : left < LongPoll ? left : LongPoll;
            var (outcome, wasSilent) = await TryReadAsync(ReadMessage.Of(request, wait), wait + retry.Patience);
            cancellationToken.ThrowIfCancellationRequested();
            switch (outcome.Status)
            {
                case ReadStatus.Ok when outcome.Blocks.Count == 0 && left > LongPoll:
                    retry = new Retry(time, ReadLimit);
                    break;
                case ReadStatus.Unavailable when await retry.AgainAsync(wasSilent, cancellationToken):
                // An owner that was fenced and does not know it yet has an older end.
                case ReadStatus.BeyondEnd when await ends.AgainAsync(false, cancellationToken):
                    break;
                default:
                    return outcome;
            }
        }
    }

    public ValueTask<AppendOutcome> OpenProducerAsync(
        Hash128 producer, long generation, CancellationToken cancellationToken) =>
        AppendAsync(AppendRequest.OpenProducer(producer, generation), cancellationToken);

    public async ValueTask<LogOffset> FindAsync(long ticks, CancellationToken cancellationToken)
    {
        var retry = new Retry(time, ReadLimit);
        while (true)
        {
            var wasSilent = false;
            try
            {
                if (await _grain.FindAsync(ticks).WaitAsync(retry.Patience, time, cancellationToken) is { } offset)
                {
                    return new LogOffset(offset);
                }
            }
            catch (Exception fault) when (ClusterFault.Is(fault))
            {
                wasSilent = true;
            }

            if (!await retry.AgainAsync(wasSilent, cancellationToken))
            {
                throw new TimeoutException($"{Id} does not answer");
            }
        }
    }

    public async ValueTask TrimAsync(LogOffset lowWater, CancellationToken cancellationToken)
    {
        try
        {
            await _grain.TrimAsync(lowWater.Value).WaitAsync(Limit, time, cancellationToken);
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            // The next round of retention tries again.
        }
    }

    public Task MoveAsync(SiloAddress target) => _grain.MoveAsync(target);

    public async ValueTask CloseAsync()
    {
        try
        {
            await _grain.CloseAsync().WaitAsync(Limit, time);
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            // Its log is not in the catalog any more: no later activation serves it.
        }
    }

    /// <summary>The part is copied: an attempt that was given up may still read its bytes.</summary>
    private async ValueTask<(AppendOutcome Outcome, bool WasSilent)> TryAppendAsync(
        AppendRequest request, TimeSpan patience)
    {
        try
        {
            var message = new AppendMessage(request.Part.ToArray(), request.Timeout);
            var answer = await _lane.AppendAsync(message, patience);
            return (answer.ToOutcome(), false);
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            return (new AppendOutcome(AppendStatus.OutcomeUnknown) { Detail = fault.Message }, true);
        }
    }

    private async ValueTask<(ReadOutcome Outcome, bool WasSilent)> TryReadAsync(
        ReadMessage message, TimeSpan patience)
    {
        try
        {
            return ((await _grain.ReadAsync(message).WaitAsync(patience, time)).ToOutcome(), false);
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            return (new ReadOutcome(ReadStatus.Unavailable), true);
        }
    }
}
