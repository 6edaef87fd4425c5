namespace Pipeline.Kernel.Registers;

/// <summary>
/// A proposer of one register (CASPaxos; Rystsov, arXiv 1802.07000) whose acceptors are blobs replaced by version
/// (Active Disk Paxos; Chockler, Malkhi). One operation at a time; one request at a time to each store.
/// Invariants:
/// <list type="number">
/// <item>At most one value is ever sent at a ballot, and no ballot is prepared twice.</item>
/// <item>A value is built on the highest accepted one that a quorum of promises showed, or on the proposer's own last
/// chosen one while a quorum still holds the promise for its next ballot.</item>
/// <item>A store is written only over a version whose promise is not above the ballot.</item>
/// <item>A store without a whole blob abstains. It is written to only after a quorum of the others accepted a value
/// whose first accept was sent when the store was known to abstain.</item>
/// <item>Promises count together only if no value newer than the round was seen with any of them.</item>
/// <item>Only a value that a quorum accepted at one ballot is given out.</item>
/// </list>
/// </summary>
public sealed class RegisterProposer
{
    private readonly RegisterRules _rules;
    private readonly RegisterStores _stores;
    private readonly ulong _id;
    private readonly int _quorum;

    private RegisterInputKind? _operation;
    private ReadOnlyMemory<byte> _initial;
    private int _target;
    private long _highestRound;
    private RegisterQuestion _question;
    private bool _declines;
    private bool _hasProbed;
    private bool _hasWaited;
    private bool _isPausing;
    private int _pauseToken;
    private int _attempt;
    private List<RegisterEffect> _effects = [];

    /// <param name="id">Random, and never used by another proposer of this register.</param>
    /// <param name="voters">Stores that vote, by index from 0.</param>
    /// <param name="quorum">⌊N/2⌋ + 1 of the configured stores.</param>
    /// <param name="learners">Stores after the voters that are to hold the register and do not vote yet.</param>
    /// <param name="roundFloor">Ballots of this round and below were used by the same id before.</param>
    public RegisterProposer(ulong id, int voters, int quorum, int learners = 0, long roundFloor = 0)
        : this(id, voters, quorum, learners, roundFloor, RegisterRules.All)
    {
    }

    internal RegisterProposer(
        ulong id, int voters, int quorum, int learners, long roundFloor, RegisterRules rules)
    {
        _id = id;
        _quorum = quorum;
        _highestRound = roundFloor;
        _rules = rules;
        _stores = new RegisterStores(rules, voters, learners, quorum);
    }

    /// <summary>The highest round this proposer used.</summary>
    public long HighestRound => _highestRound;

    /// <summary>Whether an operation runs.</summary>
    public bool IsBusy => _operation is not null;

    /// <summary>Whether a voting store answered without the register and nothing is under way to install it.</summary>
    public bool HasAbstainer =>
        _stores.Tally.Count(static (in lane) => lane.Abstains && lane.IsIdle) > 0;

    private RegisterTally Tally => _stores.Tally;

    /// <summary>Takes one input, changes the state, appends the effects.</summary>
    public void Step(in RegisterInput input, List<RegisterEffect> effects)
    {
        _effects = effects;
        switch (input.Kind)
        {
            case RegisterInputKind.Decided:
                OnDecided(input.Content);
                break;
            case RegisterInputKind.Expired:
                OnExpired();
                break;
            case RegisterInputKind.Got or RegisterInputKind.Put:
                _stores.OnAnswer(input, IsBusy, effects);
                break;
            case RegisterInputKind.StoreResumed:
                _stores.OnResumed(input.Store, IsBusy, effects);
                break;
            case RegisterInputKind.Resumed:
                OnResumed(input.Token);
                break;
            default:
                Begin(input);
                break;
        }

        while (_question == RegisterQuestion.None)
        {
            _stores.Advance(effects);
            if (!Evaluate())
            {
                break;
            }
        }
    }

    private void Begin(in RegisterInput input)
    {
        if (IsBusy)
        {
            throw new InvalidOperationException("a register proposer runs one operation at a time");
        }

        _operation = input.Kind;
        _target = input.Store;
        _initial = input.Content ?? default;
        _attempt = 0;
        _declines = false;
        if (input.Kind == RegisterInputKind.Change && _stores.HoldNext())
        {
            Ask(RegisterQuestion.Direct, _stores.Round.Value);
        }
        else if (input.Kind == RegisterInputKind.Bear)
        {
            _stores.BeginBearing(_initial);
        }
        else
        {
            BeginReading();
        }
    }

    private void BeginReading()
    {
        _hasProbed = false;
        _hasWaited = false;
        _isPausing = false;
        _stores.BeginReading();
    }

    private void BeginAccepting(Ballot ballot, ReadOnlyMemory<byte> value)
    {
        _isPausing = false;
        _stores.BeginAccepting(ballot, value);
        _highestRound = Math.Max(_highestRound, _stores.Round.Next.Round);
    }

    /// <summary>Moves on where what the stores answered allows it; false: nothing more to do for now.</summary>
    private bool Evaluate() => IsBusy && _stores.Phase switch
    {
        RegisterPhase.Reading => EvaluateReading(),
        RegisterPhase.Bearing => EvaluateBearing(),
        RegisterPhase.Preparing => EvaluatePreparing(),
        RegisterPhase.Accepting => EvaluateAccepting(),
        _ => false,
    };

    private bool EvaluateReading()
    {
        if (_stores.IsHopeless)
        {
            return Fail();
        }

        var agreed = Tally.Agreement(_rules.ReadNeedsQuorum ? _quorum : 1);
        if (agreed >= 0 && _operation == RegisterInputKind.Read)
        {
            return Complete(RegisterResult.Chosen, _stores.Lanes[agreed].State.Value);
        }

        if (agreed >= 0 && _operation == RegisterInputKind.Change && !_hasProbed)
        {
            return Ask(RegisterQuestion.Probe, _stores.Lanes[agreed].State.Value);
        }

        if (Tally.FreshAndWhole() < _quorum
            || (_operation == RegisterInputKind.Rejoin && !_stores.Lanes[_target].Fresh))
        {
            return false;
        }

        if (_operation is RegisterInputKind.Read or RegisterInputKind.Identity
            && !_hasWaited && Tally.Heard() < Tally.Voters())
        {
            return Pause(RegisterEffectKind.AwaitStragglers);
        }

        _isPausing = false;
        _stores.BeginPreparing(_id, ref _highestRound);
        return true;
    }

    private bool EvaluateBearing()
    {
        var holders = 0;
        foreach (ref readonly var lane in _stores.Lanes)
        {
            if (!lane.Votes || !lane.Fresh || lane.Sight != LaneSight.Whole)
            {
                continue;
            }

            if (!lane.State.IsUntouched)
            {
                // It lives already: born is born.
                _operation = RegisterInputKind.Read;
                BeginReading();
                return true;
            }

            if (!lane.State.Value.Span.SequenceEqual(_initial.Span))
            {
                return Complete(RegisterResult.BornOtherwise, lane.State.Value);
            }

            holders++;
        }

        return holders >= _quorum ? Complete(RegisterResult.Chosen, _initial) : _stores.IsHopeless && Fail();
    }

    private bool EvaluatePreparing()
    {
        if (_stores.IsVoid)
        {
            BeginReading();
            return true;
        }

        if (Tally.Promises() < _quorum)
        {
            return _stores.IsHopeless ? Fail() : BackOffIfOutbid(Tally.Promises());
        }

        var value = _stores.Lanes[Tally.HighestPromised()].State.Value;
        if (_operation == RegisterInputKind.Change)
        {
            return Ask(RegisterQuestion.Prepared, value);
        }

        BeginAccepting(_stores.Round.Ballot, value);
        return true;
    }

    private bool EvaluateAccepting()
    {
        if (_stores.IsChosen)
        {
            return EvaluateRejoining(_stores.Lanes[_target]);
        }

        if (Tally.Accepts() < _quorum)
        {
            return _stores.IsHopeless ? Fail() : BackOffIfOutbid(Tally.Accepts());
        }

        _stores.SetChosen();
        _isPausing = false;
        return _operation == RegisterInputKind.Rejoin
            || Complete(_declines ? RegisterResult.Declined : RegisterResult.Chosen, _stores.Round.Value);
    }

    /// <summary>Chosen; it goes on until the target holds the register, in this round or a later one.</summary>
    private bool EvaluateRejoining(in RegisterLane target)
    {
        if (target.Sight == LaneSight.Whole && (target.HasAccepted || target.HasRefused))
        {
            return Complete(RegisterResult.Chosen, _stores.Round.Value);
        }

        if (target.Sight == LaneSight.Lost)
        {
            return Complete(RegisterResult.Unavailable, default);
        }

        if (!target.IsIdle || !target.Abstains || target.MayRejoin)
        {
            return false;
        }

        BeginReading();
        return true;
    }

    private void OnDecided(ReadOnlyMemory<byte>? value)
    {
        var question = _question;
        _question = RegisterQuestion.None;
        switch (question)
        {
            case RegisterQuestion.Probe when value is null:
                Complete(RegisterResult.Declined, _stores.Lanes[Tally.Agreement(_quorum)].State.Value);
                break;
            case RegisterQuestion.Probe:
                _hasProbed = true;
                break;
            case RegisterQuestion.Direct when value is null:
                BeginReading();
                break;
            case RegisterQuestion.Direct:
                BeginAccepting(_stores.Round.Next, value.Value);
                break;
            case RegisterQuestion.Prepared when value is null:
                Decline(_stores.Lanes[Tally.HighestPromised()].State);
                break;
            case RegisterQuestion.Prepared:
                BeginAccepting(_stores.Round.Ballot, value.Value);
                break;
        }
    }

    /// <summary>Only a chosen value may be given out; where it is not known to be, it is accepted anew first.</summary>
    private void Decline(in RegisterState state)
    {
        if (Tally.IsAcceptedByAll(state, _quorum))
        {
            Complete(RegisterResult.Declined, state.Value);
            return;
        }

        _declines = true;
        BeginAccepting(_stores.Round.Ballot, state.Value);
    }

    private void OnResumed(int token)
    {
        if (!_isPausing || token != _pauseToken)
        {
            return;
        }

        if (_stores.Phase == RegisterPhase.Reading)
        {
            _isPausing = false;
            _hasWaited = true;
        }
        else
        {
            BeginReading();
        }
    }

    private void OnExpired()
    {
        if (IsBusy)
        {
            Complete(RegisterResult.Unavailable, default);
        }
    }

    private bool Ask(RegisterQuestion question, ReadOnlyMemory<byte> value)
    {
        _question = question;
        _effects.Add(new RegisterEffect { Kind = RegisterEffectKind.Decide, Value = value });
        return false;
    }

    private bool Pause(RegisterEffectKind kind)
    {
        if (!_isPausing)
        {
            _isPausing = true;
            _effects.Add(new RegisterEffect { Kind = kind, Attempt = _attempt++, Token = ++_pauseToken });
        }

        return false;
    }

    private bool BackOffIfOutbid(int votes)
    {
        var refusals = Tally.Refusals();
        return refusals > 0 && votes + refusals + Tally.Out() >= _quorum && Pause(RegisterEffectKind.BackOff);
    }

    private bool Fail() => Complete(
        _stores.Phase != RegisterPhase.Bearing && Tally.Absent() >= _quorum
            ? RegisterResult.NotBorn
            : RegisterResult.Unavailable,
        default);

    /// <summary>True: there may be more to send, to stores that lag.</summary>
    private bool Complete(RegisterResult result, ReadOnlyMemory<byte> value)
    {
        _operation = null;
        _isPausing = false;
        _stores.Settle();
        _effects.Add(new RegisterEffect { Kind = RegisterEffectKind.Complete, Result = result, Value = value });
        return true;
    }
}
