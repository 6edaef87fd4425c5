using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Logs.Inputs;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions.Reading;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Registers;

namespace Pipeline.Replication.Partitions.Driving;

/// <summary>
/// A partition whose log this process owns: takes it over when started, appends, reads, trims. Lives on one loop,
/// which may host many partitions. The log's register must have been born (<see cref="BearAsync"/>).
/// Where the log's driver ends by an exception, what is under way is answered as unknown, and after a pause another
/// driver takes the log over, as another process would.
/// </summary>
public sealed class PartitionDriver : IPartition, ILogOwner
{
    private static readonly AppendOutcome Refused =
        new(AppendStatus.NotAppended) { Detail = "the partition does not accept appends" };

    private static readonly AppendOutcome Unknown =
        new(AppendStatus.OutcomeUnknown) { Detail = "the partition failed, and is taken over anew" };

    private const string FaultKind = "log";

    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly ILoop _loop;
    private readonly Func<LogDriver> _newLog;
    private readonly RestartDelay _delay = new(LongestRest);
    private readonly AppendCalls _calls = new();
    private readonly Action<PartitionNotice>? _notify;
    private readonly bool _rollsForTrim;
    private readonly PartitionStop _stop;
    private LogDriver _log;
    private ITimer? _rest;
    private PartitionState _state = new(default);
    private long _servingSince;
    private bool _isServing;
    private bool _isAnew;
    private volatile bool _hasEnded;
    private volatile bool _hasServed;

    /// <summary>Nothing happens before <see cref="Start"/>. <paramref name="notify"/> is called on the loop.</summary>
    public PartitionDriver(
        PartitionId id,
        LogId log,
        IStoreSet stores,
        IRegisters registers,
        ILoop loop,
        Random draw,
        PartitionOptions options,
        Action<PartitionNotice>? notify = null)
    {
        (Id, _loop, _notify, _rollsForTrim) = (id, loop, notify, options.Log.RollsForTrim);
        _stop = new PartitionStop(loop.Time);
        _newLog = () => new LogDriver(log, stores, registers, loop, draw, options, this);
        _log = _newLog();
        _state = new PartitionState(new PartitionStatus(id.Index, default, default, default, 0, 0, 0, false));
    }

    public PartitionId Id { get; }

    /// <summary>It was fenced, failed or stopped, and does nothing any more.</summary>
    public bool HasEnded => _hasEnded;

    public bool IsOpening => !_hasServed && !_hasEnded;

    public PartitionStatus Status => Volatile.Read(ref _state).Status;

    /// <summary>Installs the initial manifest of a log in its register, before anything names the log.</summary>
    public static async ValueTask<bool> BearAsync(
        LogId log, IRegisters registers, CancellationToken cancellationToken) =>
        await registers.BearAsync(
            LogNames.Register(log), LogManifestCodec.Encode(LogManifest.Initial(log)), cancellationToken)
            is { Status: RegisterStatus.Chosen };

    /// <summary>Starts to take the log over; goes on trying until it serves, is fenced or stopped.</summary>
    public void Start() => _loop.Post(static p => ((PartitionDriver)p!).Begin(), this);

    /// <summary>Refuses new appends, waits for those under way for a while, then stops for good.</summary>
    /// <param name="patience">How long at most.</param>
    /// <param name="copies">
    /// How long, once nothing is under way, for stores that the majority was ahead of: what they have, nobody must
    /// repair.
    /// </param>
    public async ValueTask StopAsync(TimeSpan patience, TimeSpan copies = default)
    {
        _loop.Post(_ => Drain(copies), null);
        await _stop.WaitAsync(patience);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(
            _ =>
            {
                _log.Feed(LogInput.Stop(_log.Now));
                End();
                stopped.SetResult();
            },
            null);
        await stopped.Task;
    }

    public ValueTask<AppendOutcome> AppendAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var call = _calls.Rent();
        var outcome = call.Begin(this, request);
        _loop.Post(static c => ((AppendCall)c!).Driver!.Append((AppendCall)c), call);
        return outcome;
    }

    public ValueTask<ReserveOutcome> ReserveAsync(PartHeader request, CancellationToken cancellationToken) =>
        OnLoop(() => ReserveOnLoopAsync(request));

    public void Release(PartHeader request) => _loop.Post(_ => _log.Release(request), null);

    public ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken) =>
        OnLoop(() => _log.Reader.ReadAsync(request, cancellationToken));

    public ValueTask<AppendOutcome> OpenProducerAsync(
        Hash128 producer, long generation, CancellationToken cancellationToken) =>
        AppendAsync(AppendRequest.OpenProducer(producer, generation), cancellationToken);

    public ValueTask<LogOffset> FindAsync(long ticks, CancellationToken cancellationToken) =>
        OnLoop(() => _log.Reader.FindAsync(ticks, cancellationToken));

    public async ValueTask TrimAsync(LogOffset lowWater, CancellationToken cancellationToken) =>
        await OnLoop(() => TrimOnLoopAsync(lowWater, cancellationToken));

    AppendRequest ILogOwner.Request(int slice) => _calls[slice];

    void ILogOwner.Reply(in LogEffect reply)
    {
        var runs = reply.Runs is { } given
            ? [.. given.Select(r => new OffsetRun(r.First, r.Count))]
            : reply is { Reply: LogReply.Appended, Count: > 0 }
                ? (IReadOnlyList<OffsetRun>)[new OffsetRun(reply.First, reply.Count)]
                : [];
        var outcome = new AppendOutcome(reply.Reply.ToStatus())
        {
            Runs = runs,
            Accepted = reply.Reply is LogReply.Appended or LogReply.Duplicate ? reply.Count : 0,
            Duplicates = reply.Duplicates,
            Expected = reply.Expected,
            Last = reply.Last,
        };
        var call = _calls.Remove(reply.Slice);
        if (IsFinalRefusal(outcome.Status))
        {
            BeginRefusal(_log, call, outcome);
        }
        else
        {
            call.Complete(outcome);
        }
    }

    void ILogOwner.OnOpened()
    {
        _isAnew = false;
        if (!_isServing)
        {
            _isServing = true;
            _hasServed = true;
            _servingSince = _loop.Time.GetTimestamp();
            _loop.Supervisor.Recovered(FaultName);
            Publish();
            _notify?.Invoke(new PartitionNotice(Id, PartitionEvent.Serving, null));
        }
    }

    void ILogOwner.OnStepped()
    {
        Publish();
        _stop.Look(_log.Machine);
    }

    void ILogOwner.OnDropped(StoreId store, string? reason) =>
        _notify?.Invoke(new PartitionNotice(Id, PartitionEvent.StoreDropped, $"{store}: {reason}"));

    void ILogOwner.OnFailed(LogDriver driver, Exception fault, bool hadStopped)
    {
        if (hadStopped || driver != _log)
        {
            _loop.Supervisor.Tell(new Fault(FaultSource.Machine, FaultKind, FaultName, fault));
            return;
        }

        _loop.Supervisor.Failed(new Fault(FaultSource.Machine, FaultKind, FaultName, fault), _loop.Time.GetUtcNow());
        foreach (var call in _calls.RemoveAll())
        {
            call.Complete(Unknown);
        }

        if (_isServing && _loop.Time.GetElapsedTime(_servingSince) > LongestRest)
        {
            _delay.Reset();
        }

        (_isServing, _isAnew) = (false, true);
        Publish();
        _stop.End();
        if (fault is LogInvariantException)
        {
            End();
            _notify?.Invoke(new PartitionNotice(Id, PartitionEvent.Alarm, fault.Message));
            return;
        }

        Rest();
        _notify?.Invoke(new PartitionNotice(Id, PartitionEvent.Failed, fault.Message));
    }

    void ILogOwner.OnStopped(PartitionEvent why, string? detail)
    {
        if (why == PartitionEvent.Alarm)
        {
            var alarm = new Fault(FaultSource.Machine, FaultKind, FaultName, new LogInvariantException(detail ?? ""));
            _loop.Supervisor.Failed(alarm, _loop.Time.GetUtcNow());
        }

        (_isServing, _hasEnded) = (false, true);
        Publish();
        _stop.End();
        _notify?.Invoke(new PartitionNotice(Id, why, detail));
    }

    private bool IsServing => _isServing && !_stop.HasBegun && _log.Machine.Phase == LogPhase.Serving;

    private string FaultName => $"partition {Id}";

    private void Begin()
    {
        if (!_stop.HasBegun)
        {
            _log.Start();
        }
    }

    private void Rest() => _rest = _loop.Time.CreateTimer(
        static p => ((PartitionDriver)p!).BeginAnew(), this, _delay.Next(), Timeout.InfiniteTimeSpan);

    private void BeginAnew()
    {
        _rest?.Dispose();
        if (_stop.HasBegun || _hasEnded)
        {
            return;
        }

        try
        {
            _log = _newLog();
        }
        catch (Exception fault)
        {
            _loop.Supervisor.Failed(
                new Fault(FaultSource.Machine, FaultKind, FaultName, fault), _loop.Time.GetUtcNow());
            Rest();
            return;
        }

        _log.Start();
    }

    private void End()
    {
        _rest?.Dispose();
        (_isServing, _hasEnded) = (false, true);
        Publish();
    }

    private void Append(AppendCall call)
    {
        if (_stop.HasBegun || _log.HasFailed)
        {
            call.Complete(Refused);
            return;
        }

        var request = call.Request!;
        var now = _log.Now;
        _log.Feed(LogInput.Append(
            now, _calls.Add(call), request.Part.Length, request.Header, request.EventHandles,
            now + request.Timeout.Ticks));
    }

    /// <summary>
    /// A refusal for good is given only by who owns the log: one that was fenced and does not know it yet would call
    /// a gap what its successor has.
    /// </summary>
    private async ValueTask<ReserveOutcome> ReserveOnLoopAsync(PartHeader request)
    {
        var log = _log;
        var status = (log.Reserve(request, out var expected) ?? LogReply.NotAppended).ToStatus();
        return IsFinalRefusal(status) && !await log.IsOwnerAsync()
            ? new ReserveOutcome(AppendStatus.NotAppended)
            : new ReserveOutcome(status, expected);
    }

    private static void BeginRefusal(LogDriver log, AppendCall call, AppendOutcome refusal) =>
        LoopTasks.Start(() => RefuseAsync(log, call, refusal), log.Fail);

    private static async Task RefuseAsync(LogDriver log, AppendCall call, AppendOutcome refusal)
    {
        var outcome = Refused;
        try
        {
            outcome = await log.IsOwnerAsync() ? refusal : Refused;
        }
        finally
        {
            call.Complete(outcome);
        }
    }

    private static bool IsFinalRefusal(AppendStatus status) => status is AppendStatus.KeyReused
        or AppendStatus.ProducerGap or AppendStatus.ProducerForgotten or AppendStatus.ProducerFenced
        or AppendStatus.ProducerMismatch;

    private void Drain(TimeSpan copies)
    {
        _stop.Begin(copies);
        _stop.Look(_log.HasFailed || _log.Machine.Phase != LogPhase.Serving ? null : _log.Machine);
    }

    private async ValueTask<bool> TrimOnLoopAsync(LogOffset lowWater, CancellationToken cancellationToken)
    {
        var catalog = _log.Reader.Catalog;
        if (lowWater <= catalog.First || !await catalog.LoadAsync(cancellationToken))
        {
            return false;
        }

        var committed = _log.Reader.Committed;
        lowWater = lowWater < committed ? lowWater : committed;
        foreach (var segment in catalog.Segments())
        {
            var isOpen = segment.Id == catalog.Open?.Id;
            if (segment.End > lowWater || isOpen)
            {
                _log.Feed(LogInput.Trim(_log.Now, lowWater, segment.Id.Number, segment.First));
                if (isOpen && lowWater > segment.First && _rollsForTrim)
                {
                    _log.Feed(LogInput.Roll(_log.Now, segment.Id));
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>Before anybody is told. While it is taken over anew, what it held last is what it holds.</summary>
    private void Publish()
    {
        if (_isAnew)
        {
            Volatile.Write(ref _state, new PartitionState(_state.Status with { IsServing = false }));
            return;
        }

        var reader = _log.Reader;
        var manifest = _log.Machine.Manifest;
        var (openFirst, openLast) = _log.Machine.OpenTimes;
        var oldest = openFirst;
        var newest = openLast;
        var bytes = _log.Machine.OpenBytes + (manifest.Index?.Bytes ?? 0);
        foreach (var closed in manifest.Closed)
        {
            oldest = closed.FirstTime != 0 && (oldest == 0 || closed.FirstTime < oldest) ? closed.FirstTime : oldest;
            newest = Math.Max(newest, closed.LastTime);
            bytes += closed.Bytes;
        }

        var status = new PartitionStatus(
            Id.Index, manifest.First, Committed(reader, manifest), _log.Machine.Next, bytes, oldest, newest, IsServing)
        {
            WrittenTo = _log.Machine.WrittenTo(_state.Status.WrittenTo),
        };
        if (status != _state.Status)
        {
            Volatile.Write(ref _state, new PartitionState(status));
        }
    }

    /// <summary>What closed segments hold is committed, whether they were opened for reading or not yet.</summary>
    private static LogOffset Committed(PartitionReader reader, LogManifest manifest) =>
        reader.Committed < manifest.ClosedEnd ? manifest.ClosedEnd : reader.Committed;

    private ValueTask<T> OnLoop<T>(Func<ValueTask<T>> work) => new(_loop.CallAsync(() => work().AsTask()));

    private sealed record PartitionState(PartitionStatus Status);
}
