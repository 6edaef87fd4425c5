using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Registers;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Quorums;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Registers;

/// <summary>
/// One register over the voting stores: runs one operation at a time, the others queue. May be called from any
/// thread; change functions run on the loop. When the voters change, the next operation goes to the new ones. When its
/// proposer fails, all who wait are answered as Unavailable, and after a pause another proposer, with another id, goes
/// on: to the stores, the failed one is a process that died.
/// </summary>
internal sealed class QuorumRegister : IRegister
{
    private readonly BlobName _name;
    private readonly IStoreSet _stores;
    private readonly IReadOnlyList<IBlobStore> _learners;
    private readonly ILoop _loop;
    private readonly Random _draw;
    private readonly RegisterOptions _options;
    private readonly Queue<RegisterCall> _waiting = new();
    private readonly RestartDelay _restart = new(TimeSpan.FromSeconds(5));
    private ulong _proposer;
    private long _floor;
    private bool _rests;
    private IReadOnlyList<StoreMember>? _members;
    private RegisterSession? _session;
    private RegisterCall? _running;
    private ITimer? _deadline;
    private CancellationTokenRegistration _cancellation;
    private long _rejoinAt = long.MinValue;

    /// <param name="name">The blob that holds it, on every store.</param>
    /// <param name="stores">Who votes.</param>
    /// <param name="learners">Stores that are to hold it as well and do not vote yet.</param>
    /// <param name="loop">Where it lives.</param>
    /// <param name="draw">
    /// Chance, used only here: the proposer's id comes from it, so no two objects share one, and a source of its own.
    /// </param>
    /// <param name="options">How long it waits.</param>
    public QuorumRegister(
        BlobName name,
        IStoreSet stores,
        IReadOnlyList<IBlobStore> learners,
        ILoop loop,
        Random draw,
        RegisterOptions options)
    {
        (_name, _stores, _learners, _loop, _options) = (name, stores, learners, loop, options);
        _proposer = unchecked((ulong)draw.NextInt64(long.MinValue, long.MaxValue));
        _draw = new Random(draw.Next());
    }

    public ValueTask<RegisterOutcome> ReadAsync(CancellationToken cancellationToken) =>
        RunAsync(RegisterInput.Read(), null, cancellationToken);

    public ValueTask<RegisterOutcome> ProposeAsync(
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> change, CancellationToken cancellationToken) =>
        RunAsync(RegisterInput.Change(), change, cancellationToken);

    public ValueTask<RegisterOutcome> RunAsync(
        RegisterInput start,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?>? change,
        CancellationToken cancellationToken)
    {
        var call = new RegisterCall(start, change, cancellationToken);
        if (_loop.IsCurrent)
        {
            Accept(call);
        }
        else
        {
            _loop.Post(static work => ((Arrival)work!).Accept(), new Arrival(this, call));
        }

        return new ValueTask<RegisterOutcome>(call.Done);
    }

    private void Accept(RegisterCall call)
    {
        _waiting.Enqueue(call);
        StartNext();
    }

    private void StartNext()
    {
        if (_rests || _running is not null || !_waiting.TryDequeue(out _running))
        {
            return;
        }

        try
        {
            Refresh();
            var arrival = new Arrival(this, _running);
            _deadline = _loop.Time.CreateTimer(
                static work => ((Arrival)work!).Expire(), arrival, _options.OperationTimeout, Timeout.InfiniteTimeSpan);
            _cancellation = _running.Cancellation.UnsafeRegister(static work => ((Arrival)work!).PostExpire(), arrival);
            _session!.Start(_running, OnEnded);
        }
        catch (Exception fault)
        {
            OnFailed(_session, fault);
        }
    }

    /// <summary>A proposer for the stores that vote now; it never uses a round again that the last one used.</summary>
    private void Refresh()
    {
        var members = _stores.Members;
        if (_session is not null && ReferenceEquals(members, _members))
        {
            return;
        }

        _members = members;
        IBlobStore[] stores = [.. members.Select(static member => member.Store), .. _learners];
        _floor = _session?.HighestRound ?? _floor;
        var proposer = new RegisterProposer(_proposer, members.Count, _stores.Quorum, _learners.Count, _floor);
        _session = new RegisterSession(_name, stores, proposer, _loop, _draw, _options, OnIdle, OnFailed);
    }

    /// <summary>
    /// The proposer does nothing any more. What it sent may yet be accepted: nobody is told more than Unavailable, and
    /// its id is never used again.
    /// </summary>
    private void OnFailed(RegisterSession? session, Exception exception)
    {
        var fault = new Fault(FaultSource.Machine, "register", $"register {_name}", exception);
        if (session != _session)
        {
            // It had ended before: others vote by now.
            _loop.Supervisor.Tell(fault);
            return;
        }

        (_session, _rests) = (null, true);
        _proposer = unchecked((ulong)_draw.NextInt64(long.MinValue, long.MaxValue));
        _loop.Supervisor.Failed(fault, _loop.Time.GetUtcNow());
        var outcome = new RegisterOutcome(
            RegisterStatus.Unavailable, default, $"{_name}: its proposer failed: {exception.Message}");
        if (_running is { } running)
        {
            OnEnded(running, outcome);
        }

        while (_waiting.TryDequeue(out var waiting))
        {
            waiting.End(outcome);
        }

        LoopTasks.Start(RestAsync, _ => _rests = false);
    }

    private async Task RestAsync()
    {
        await _loop.PauseAsync(_restart.Next(), CancellationToken.None);
        _rests = false;
        StartNext();
    }

    private void OnEnded(RegisterCall call, RegisterOutcome outcome)
    {
        _deadline?.Dispose();
        _cancellation.Dispose();
        _running = null;
        if (outcome.Status != RegisterStatus.Unavailable && _restart.Reset())
        {
            _loop.Supervisor.Recovered($"register {_name}");
        }

        call.End(outcome);
    }

    /// <summary>The session has carried out all it had to, and runs no operation.</summary>
    private void OnIdle()
    {
        var now = _loop.Time.GetTimestamp();
        if (_running is null && _waiting.Count == 0 && _session!.HasAbstainer && now >= _rejoinAt)
        {
            _rejoinAt = now + (long)(_options.RejoinInterval.TotalSeconds * _loop.Time.TimestampFrequency);
            _waiting.Enqueue(new RegisterCall(RegisterInput.Identity(), null, CancellationToken.None));
        }

        if (_waiting.Count > 0)
        {
            // In a turn of its own: where stores answer at once, the next operation would grow the stack.
            _loop.Post(static register => ((QuorumRegister)register!).StartNext(), this);
        }
    }

    private sealed class Arrival(QuorumRegister register, RegisterCall call)
    {
        public void Accept() => register.Accept(call);

        public void Expire() => register._session?.Expire(call);

        public void PostExpire() => register._loop.Post(static work => ((Arrival)work!).Expire(), this);
    }
}
