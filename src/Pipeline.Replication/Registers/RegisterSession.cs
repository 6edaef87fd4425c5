using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Registers;
using Pipeline.Replication.Loops;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Registers;

/// <summary>
/// Drives one proposer over one list of stores: carries out its effects, feeds it the answers. Lives on the loop.
/// A request that never returns holds up nothing but its own store. An exception that nobody expected ends it for good:
/// what it had yet to do is dropped, and whoever has it goes on with another proposer.
/// </summary>
internal sealed class RegisterSession
{
    private readonly BlobName _name;
    private readonly IReadOnlyList<IBlobStore> _stores;
    private readonly ILoop _loop;
    private readonly Random _draw;
    private readonly RegisterOptions _options;
    private readonly Action _idle;
    private readonly Action<Exception> _fail;
    private readonly Action<RegisterSession, Exception> _failed;
    private readonly RegisterProposer _proposer;
    private readonly Queue<RegisterInput> _inputs = new();
    private readonly List<RegisterEffect> _effects = [];
    private readonly string?[] _faults;
    private RegisterCall? _call;
    private Action<RegisterCall, RegisterOutcome>? _ended;
    private bool _isFeeding;
    private bool _hasFailed;

    /// <param name="name">The blob.</param>
    /// <param name="stores">By the proposer's index.</param>
    /// <param name="proposer">Its machine; no other session's.</param>
    /// <param name="loop">Where it lives.</param>
    /// <param name="draw">Chance for back-off.</param>
    /// <param name="options">How long it waits.</param>
    /// <param name="idle">Told whenever it has carried out all it had to and runs no operation.</param>
    /// <param name="failed">Told, once, that it ended by an exception, whatever ran.</param>
    public RegisterSession(
        BlobName name,
        IReadOnlyList<IBlobStore> stores,
        RegisterProposer proposer,
        ILoop loop,
        Random draw,
        RegisterOptions options,
        Action idle,
        Action<RegisterSession, Exception> failed)
    {
        (_name, _stores, _proposer, _loop, _draw, _options) = (name, stores, proposer, loop, draw, options);
        (_idle, _failed, _fail) = (idle, failed, Fail);
        _faults = new string?[stores.Count];
    }

    /// <summary>A store answered without the register; an identity round would bring it back there.</summary>
    public bool HasAbstainer => _proposer.HasAbstainer;

    /// <summary>The highest round used.</summary>
    public long HighestRound => _proposer.HighestRound;

    /// <summary>Starts an operation; <paramref name="ended"/> is told its outcome, once.</summary>
    public void Start(RegisterCall call, Action<RegisterCall, RegisterOutcome> ended)
    {
        (_call, _ended) = (call, ended);
        Feed(call.Start);
    }

    /// <summary>Gives up the operation, if it is still <paramref name="call"/> that runs.</summary>
    public void Expire(RegisterCall call)
    {
        if (_call == call)
        {
            Feed(RegisterInput.Expired());
        }
    }

    /// <summary>Feeds one input, and those that its effects bring at once.</summary>
    private void Feed(in RegisterInput input)
    {
        if (_hasFailed)
        {
            return;
        }

        _inputs.Enqueue(input);
        if (_isFeeding)
        {
            return;
        }

        _isFeeding = true;
        try
        {
            while (_inputs.TryDequeue(out var next))
            {
                _proposer.Step(next, _effects);
                for (var i = 0; i < _effects.Count; i++)
                {
                    CarryOut(_effects[i]);
                }

                _effects.Clear();
            }

            _isFeeding = false;
            if (!_proposer.IsBusy && !_hasFailed)
            {
                _idle();
            }
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
    }

    /// <summary>Nothing is carried out any more; what comes in is dropped.</summary>
    private void Fail(Exception fault)
    {
        _inputs.Clear();
        _effects.Clear();
        if (!_hasFailed)
        {
            _hasFailed = true;
            _failed(this, fault);
        }
    }

    private void CarryOut(in RegisterEffect effect)
    {
        switch (effect.Kind)
        {
            case RegisterEffectKind.Get:
                var store = effect.Store;
                LoopTasks.Start(() => GetAsync(store), _fail);
                break;
            case RegisterEffectKind.Put:
                var put = effect;
                LoopTasks.Start(() => PutAsync(put), _fail);
                break;
            case RegisterEffectKind.Decide:
                _proposer.Step(RegisterInput.Decided(_call!.Change(effect.Value)), _effects);
                break;
            case RegisterEffectKind.PauseStore:
                After(Jittered(effect.Attempt), RegisterInput.StoreResumed(effect.Store));
                break;
            case RegisterEffectKind.BackOff:
                After(Jittered(effect.Attempt), RegisterInput.Resumed(effect.Token));
                break;
            case RegisterEffectKind.AwaitStragglers:
                After(_options.StragglerPatience, RegisterInput.Resumed(effect.Token));
                break;
            case RegisterEffectKind.Complete:
                End(effect);
                break;
            default:
                throw new InvalidOperationException($"unknown effect {effect.Kind}");
        }
    }

    private void End(in RegisterEffect effect)
    {
        var (call, ended) = (_call!, _ended!);
        (_call, _ended) = (null, null);
        var outcome = effect.Result switch
        {
            RegisterResult.Chosen => new RegisterOutcome(RegisterStatus.Chosen, effect.Value),
            RegisterResult.Declined => new RegisterOutcome(RegisterStatus.Declined, effect.Value),
            RegisterResult.NotBorn => new RegisterOutcome(RegisterStatus.NotBorn, default, $"{_name} is not there"),
            RegisterResult.BornOtherwise => new RegisterOutcome(
                RegisterStatus.Unavailable, effect.Value, $"{_name} was born with another value"),
            _ => new RegisterOutcome(RegisterStatus.Unavailable, default, Faults()),
        };
        ended(call, outcome);
    }

    private async Task GetAsync(int store)
    {
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _loop.Time);
        BlobContent content;
        try
        {
            content = await _stores[store].GetAsync(_name, timeout.Token);
        }
        catch (Exception fault)
        {
            Tell(store, fault);
            content = new BlobContent(BlobStatus.Unavailable, Detail: fault.Message);
        }

        Note(store, content.Status, content.Detail);
        Feed(RegisterInput.Got(store, ToAnswer(content.Status), content.Bytes, content.ETag.Value));
    }

    private async Task PutAsync(RegisterEffect effect)
    {
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _loop.Time);
        BlobOutcome outcome;
        try
        {
            var condition = effect.Version is null
                ? PutCondition.IfAbsent
                : PutCondition.IfMatch(new ETag(effect.Version));
            var bytes = RegisterStateCodec.Encode(effect.State);
            outcome = await _stores[effect.Store].PutAsync(_name, bytes, condition, timeout.Token);
        }
        catch (Exception fault)
        {
            Tell(effect.Store, fault);
            outcome = new BlobOutcome(BlobStatus.Unavailable, Detail: fault.Message);
        }

        Note(effect.Store, outcome.Status, outcome.Detail);
        Feed(RegisterInput.Put(effect.Store, ToAnswer(outcome.Status), outcome.ETag.Value));
    }

    private void After(TimeSpan delay, RegisterInput input)
    {
        var alarm = new Alarm(this, input);
        alarm.Timer = _loop.Time.CreateTimer(
            static alarm => ((Alarm)alarm!).Ring(), alarm, delay, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Jittered(int attempt)
    {
        var bound = Math.Min(_options.BackOff.Ticks << Math.Min(attempt, 20), _options.BackOffMax.Ticks);
        return TimeSpan.FromTicks(1 + _draw.NextInt64(bound));
    }

    private void Note(int store, BlobStatus status, string? detail) => _faults[store] =
        status is BlobStatus.Ok or BlobStatus.Conflict
            ? null
            : $"store {_stores[store].Name}: {status}{(detail is null ? "" : ", " + detail)}";

    /// <summary>A store answers, it does not throw: the others go on without it, but it is said.</summary>
    private void Tell(int store, Exception fault)
    {
        if (fault is not OperationCanceledException)
        {
            _loop.Supervisor.Tell(new Fault(FaultSource.Job, "store", $"store {_stores[store].Name}", fault));
        }
    }

    private string Faults()
    {
        var known = _faults.Where(static fault => fault is not null).ToArray();
        return $"{_name}: no majority of stores{(known.Length == 0 ? "" : ": " + string.Join("; ", known))}";
    }

    private static StoreAnswer ToAnswer(BlobStatus status) => status switch
    {
        BlobStatus.Ok => StoreAnswer.Ok,
        BlobStatus.NotFound => StoreAnswer.Absent,
        BlobStatus.Conflict => StoreAnswer.Conflict,
        BlobStatus.StoreLost => StoreAnswer.Lost,
        _ => StoreAnswer.Unknown,
    };

    private sealed class Alarm(RegisterSession session, RegisterInput input)
    {
        public ITimer? Timer { get; set; }

        public void Ring()
        {
            Timer?.Dispose();
            session.Feed(input);
        }
    }
}
