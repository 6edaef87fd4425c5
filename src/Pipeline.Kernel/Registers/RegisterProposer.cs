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
/// <item>Only a value that a quorum accepted at one ballot is given out.</item>
/// </list>
/// </summary>
public sealed class RegisterProposer
{
    private readonly RegisterRules _rules;
    private readonly RegisterLane[] _lanes;
    private readonly ulong _id;
    private readonly int _quorum;

    private Phase _phase;
    private RegisterInputKind? _operation;
    private int _target;
    private ReadOnlyMemory<byte> _initial;
    private RegisterRound _round;
    private long _highestRound;
    private bool _isChosen;
    private bool _declines;
    private bool _hasProbed;
    private bool _hasWaited;
    private Question _question;
    private bool _isVoid;
    private bool _isPausing;
    private int _pauseToken;
    private int _attempt;
    private bool _holdsNext;
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
        _lanes = new RegisterLane[voters + learners];
        _lanes.AsSpan(0, voters).Fill(new RegisterLane { Votes = true });
    }

    private enum Phase : byte
    {
        Idle,
        Reading,
        Bearing,
        Preparing,
        Accepting,

        /// <summary>No operation; the last chosen value still goes to the stores that lag or abstain.</summary>
        Settled,
    }

    private enum Question : byte
    {
        None,

        /// <summary>Would the value change at all?</summary>
        Probe,

        /// <summary>What follows the own last value, promised to be still the last one?</summary>
        Direct,

        /// <summary>What follows the value that the promises showed?</summary>
        Prepared,
    }

    /// <summary>The highest round this proposer used.</summary>
    public long HighestRound => _highestRound;

    /// <summary>Whether an operation runs.</summary>
    public bool IsBusy => _operation is not null;

    /// <summary>Whether a voting store has answered without the register and nothing is under way to install it.</summary>
    public bool HasAbstainer => Tally.Count(static (in lane) => lane.Abstains && lane.IsIdle) > 0;

    private RegisterTally Tally => new(_lanes);

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
                OnAnswer(input);
                break;
            case RegisterInputKind.Resumed:
                OnResumed(input.Token);
                break;
            case RegisterInputKind.StoreResumed:
                OnStoreResumed(input.Store);
                break;
            default:
                Begin(input);
                break;
        }

        Proceed();
    }

    private void Begin(in RegisterInput input)
    {
        if (_operation is not null)
        {
            throw new InvalidOperationException("a register proposer runs one operation at a time");
        }

        _operation = input.Kind;
        _target = input.Kind == RegisterInputKind.Rejoin ? input.Store : -1;
        _initial = input.Content ?? default;
        _attempt = 0;
        _declines = false;
        if (input.Kind == RegisterInputKind.Change && HoldsNext())
        {
            Ask(Question.Direct, _round.Value);
            return;
        }

        BeginReading(input.Kind == RegisterInputKind.Bear ? Phase.Bearing : Phase.Reading);
    }

    /// <summary>Whether a quorum still has this proposer's last value and the promise for its next ballot.</summary>
    private bool HoldsNext()
    {
        if (!_holdsNext || !_isChosen)
        {
            return false;
        }

        var held = 0;
        foreach (ref readonly var lane in _lanes.AsSpan())
        {
            held += lane.Votes && lane.Sight == LaneSight.Whole && lane.State.Accepted == _round.Ballot
                && lane.State.Promised == (_rules.AcceptPromisesNext ? _round.Next : _round.Ballot) ? 1 : 0;
        }

        return held >= _quorum;
    }

    private void BeginReading(Phase phase)
    {
        _phase = phase;
        _hasProbed = false;
        _hasWaited = false;
        _isPausing = false;
        foreach (ref var lane in _lanes.AsSpan())
        {
            lane.Fresh = false;
        }
    }

    private void BeginPreparing()
    {
        _phase = Phase.Preparing;
        _isVoid = false;
        _isPausing = false;
        _isChosen = false;
        _holdsNext = false;
        var seen = Ballot.Birth;
        foreach (ref var lane in _lanes.AsSpan())
        {
            lane.ForgetBallot();
            if (lane.Sight == LaneSight.Whole)
            {
                _highestRound = Math.Max(_highestRound, lane.State.Promised.Round);
                seen = lane.State.Accepted > seen ? lane.State.Accepted : seen;
            }
        }

        var ballot = new Ballot(++_highestRound, _id);
        _round = new RegisterRound { Ballot = ballot, Next = ballot.Next(), SeenAccepted = seen };
    }

    private void BeginAccepting(Ballot ballot, ReadOnlyMemory<byte> value)
    {
        _phase = Phase.Accepting;
        _isPausing = false;
        _isChosen = false;
        _holdsNext = false;
        _round.Ballot = ballot;
        _round.Next = ballot.Next();
        _round.Value = value;
        _highestRound = Math.Max(_highestRound, _round.Next.Round);
        foreach (ref var lane in _lanes.AsSpan())
        {
            var hasPromised = lane.Sight == LaneSight.Whole && lane.State.Promised == ballot;
            lane.ForgetBallot();
            lane.HasPromised = hasPromised;
            lane.MayRejoin = lane.Abstains;
        }
    }

    private void Proceed()
    {
        do
        {
            for (var i = 0; i < _lanes.Length && _question == Question.None; i++)
            {
                Advance(i);
            }
        }
        while (_question == Question.None && Evaluate());
    }

    /// <summary>Sends the store what it needs next in this phase, if nothing is under way there.</summary>
    private void Advance(int store)
    {
        ref var lane = ref _lanes[store];
        if (!lane.IsIdle)
        {
            return;
        }

        switch (_phase)
        {
            case Phase.Reading or Phase.Bearing when !lane.Fresh || lane.Sight == LaneSight.Unknown:
                Get(store);
                break;
            case Phase.Bearing when lane.Sight == LaneSight.Absent && lane.Votes && MayBear():
                Put(store, RegisterState.Born(_initial), null);
                break;
            case Phase.Preparing:
                AdvancePreparing(store, ref lane);
                break;
            case Phase.Accepting or Phase.Settled:
                AdvanceAccepting(store, ref lane);
                break;
        }
    }

    private void AdvancePreparing(int store, ref RegisterLane lane)
    {
        if (!lane.Votes || lane.HasPromised || lane.HasRefused || lane.IsOut)
        {
            return;
        }

        if (lane.Sight != LaneSight.Whole)
        {
            Get(store);
            return;
        }

        _isVoid |= _round.JudgePrepare(ref lane, _rules);
        if (!_isVoid && !lane.HasPromised && !lane.HasRefused)
        {
            Put(store, _round.Prepared(lane.State), lane.Version);
        }
    }

    private void AdvanceAccepting(int store, ref RegisterLane lane)
    {
        if (lane.HasAccepted || lane.HasRefused || lane.Sight == LaneSight.Lost)
        {
            return;
        }

        if (lane.Abstains)
        {
            AdvanceRejoining(store, ref lane);
            return;
        }

        if (lane.Sight != LaneSight.Whole)
        {
            Get(store);
            return;
        }

        _round.JudgeAccept(ref lane, _rules);
        if (!lane.HasAccepted && !lane.HasRefused)
        {
            Put(store, _round.Accepted(_rules), lane.Version);
        }
    }

    /// <summary>Once only a round: whether an install that got no answer came and went again cannot be told.</summary>
    private void AdvanceRejoining(int store, ref RegisterLane lane)
    {
        if (_isChosen && (lane.MayRejoin || !_rules.RejoinNeedsFreshRound))
        {
            lane.MayRejoin = false;
            Put(store, _round.Accepted(_rules), lane.Version);
            lane.SentIsOpen = false;
        }
        else if (!_rules.RejoinNeedsQuorum)
        {
            var peer = Array.FindIndex(_lanes, static lane => lane.Sight == LaneSight.Whole);
            Put(store, _lanes[peer].State, lane.Version);
        }
    }

    /// <summary>Moves to the next phase where what the stores answered allows it.</summary>
    private bool Evaluate() => _operation is not null && _phase switch
    {
        Phase.Reading => EvaluateReading(),
        Phase.Bearing => EvaluateBearing(),
        Phase.Preparing => EvaluatePreparing(),
        Phase.Accepting => EvaluateAccepting(),
        _ => false,
    };

    private bool EvaluateReading()
    {
        var tally = Tally;
        if (IsHopeless())
        {
            return Fail();
        }

        var agreed = tally.Agreement(_rules.ReadNeedsQuorum ? _quorum : 1);
        if (agreed >= 0 && _operation == RegisterInputKind.Read)
        {
            return Complete(RegisterResult.Chosen, _lanes[agreed].State.Value);
        }

        if (agreed >= 0 && _operation == RegisterInputKind.Change && !_hasProbed)
        {
            return Ask(Question.Probe, _lanes[agreed].State.Value);
        }

        if (tally.FreshAndWhole() < _quorum || (_operation == RegisterInputKind.Rejoin && !_lanes[_target].Fresh))
        {
            return false;
        }

        if (_operation is RegisterInputKind.Read or RegisterInputKind.Identity
            && !_hasWaited && tally.Heard() < tally.Voters())
        {
            return Pause(RegisterEffectKind.AwaitStragglers);
        }

        BeginPreparing();
        return true;
    }

    private bool EvaluateBearing()
    {
        var holders = 0;
        foreach (ref readonly var lane in _lanes.AsSpan())
        {
            if (lane.Votes && lane.Fresh && lane.Sight == LaneSight.Whole)
            {
                if (!lane.State.IsUntouched)
                {
                    _operation = RegisterInputKind.Read;
                    BeginReading(Phase.Reading);
                    return true;
                }

                if (!lane.State.Value.Span.SequenceEqual(_initial.Span))
                {
                    return Complete(RegisterResult.BornOtherwise, lane.State.Value);
                }

                holders++;
            }
        }

        return holders >= _quorum ? Complete(RegisterResult.Chosen, _initial) : IsHopeless() && Fail();
    }

    private bool EvaluatePreparing()
    {
        if (_isVoid)
        {
            BeginReading(Phase.Reading);
            return true;
        }

        if (Tally.Promises() < _quorum)
        {
            return IsHopeless() ? Fail() : BackOffIfOutbid(Tally.Promises());
        }

        var value = _lanes[Tally.HighestPromised()].State.Value;
        if (_operation == RegisterInputKind.Change)
        {
            return Ask(Question.Prepared, value);
        }

        BeginAccepting(_round.Ballot, value);
        return true;
    }

    private bool EvaluateAccepting()
    {
        if (_isChosen)
        {
            return EvaluateRejoining(_lanes[_target]);
        }

        if (Tally.Accepts() < _quorum)
        {
            return IsHopeless() ? Fail() : BackOffIfOutbid(Tally.Accepts());
        }

        _isChosen = true;
        _holdsNext = true;
        return _operation == RegisterInputKind.Rejoin
            || Complete(_declines ? RegisterResult.Declined : RegisterResult.Chosen, _round.Value);
    }

    /// <summary>Chosen; the operation goes on until the target holds the register, in this round or a later one.</summary>
    private bool EvaluateRejoining(in RegisterLane target)
    {
        if (target.Sight == LaneSight.Whole && (target.HasAccepted || target.HasRefused))
        {
            return Complete(RegisterResult.Chosen, _round.Value);
        }

        if (target.Sight == LaneSight.Lost)
        {
            return Complete(RegisterResult.Unavailable, default);
        }

        if (!target.IsIdle || !target.Abstains || target.MayRejoin)
        {
            return false;
        }

        BeginReading(Phase.Reading);
        return true;
    }

    private void OnDecided(ReadOnlyMemory<byte>? value)
    {
        var question = _question;
        _question = Question.None;
        switch (question)
        {
            case Question.Probe when value is null:
                Complete(RegisterResult.Declined, _lanes[Tally.Agreement(_quorum)].State.Value);
                break;
            case Question.Probe:
                _hasProbed = true;
                break;
            case Question.Direct when value is null:
                BeginReading(Phase.Reading);
                break;
            case Question.Direct:
                BeginAccepting(_round.Next, value.Value);
                break;
            case Question.Prepared when value is null:
                Decline(_lanes[Tally.HighestPromised()].State);
                break;
            case Question.Prepared:
                BeginAccepting(_round.Ballot, value.Value);
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
        BeginAccepting(_round.Ballot, state.Value);
    }

    private void OnAnswer(in RegisterInput input)
    {
        ref var lane = ref _lanes[input.Store];
        if (lane.Take(input, _rules))
        {
            return;
        }

        if (_operation is null)
        {
            lane.HasRefused = true;
            return;
        }

        lane.Work = LaneWork.Paused;
        _effects.Add(new RegisterEffect
        {
            Kind = RegisterEffectKind.PauseStore,
            Store = input.Store,
            Attempt = lane.Attempt++,
        });
    }

    /// <summary>An unanswered put is sent again as it was, while it is still wanted.</summary>
    private void OnStoreResumed(int store)
    {
        ref var lane = ref _lanes[store];
        lane.Work = LaneWork.None;
        lane.HasRefused |= _operation is null;
        var isWanted = lane.SentIsOpen && _phase switch
        {
            Phase.Preparing => lane.Sent.Promised == _round.Ballot,
            Phase.Accepting => lane.Sent.Accepted == _round.Ballot,
            _ => false,
        };
        if (isWanted)
        {
            Put(store, lane.Sent, lane.SentVersion);
        }
    }

    private void OnResumed(int token)
    {
        if (!_isPausing || token != _pauseToken)
        {
            return;
        }

        _isPausing = false;
        _hasWaited = true;
        if (_phase != Phase.Reading)
        {
            BeginReading(Phase.Reading);
        }
    }

    private void OnExpired()
    {
        if (_operation is not null)
        {
            Complete(RegisterResult.Unavailable, default);
        }
    }

    private void Get(int store)
    {
        _lanes[store].Work = LaneWork.Get;
        _lanes[store].SentIsOpen = false;
        _effects.Add(new RegisterEffect { Kind = RegisterEffectKind.Get, Store = store });
    }

    private void Put(int store, in RegisterState state, string? version)
    {
        ref var lane = ref _lanes[store];
        lane.Work = LaneWork.Put;
        lane.Sent = state;
        lane.SentVersion = version;
        lane.SentIsOpen = true;
        _effects.Add(new RegisterEffect
        {
            Kind = RegisterEffectKind.Put,
            Store = store,
            State = state,
            Version = version,
        });
    }

    private bool Ask(Question question, ReadOnlyMemory<byte> value)
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

    /// <summary>So many stores answered without the register that no quorum can come together.</summary>
    private bool IsHopeless() => Tally.Voters() - (_phase == Phase.Bearing ? Tally.Spoilt() : Tally.Out()) < _quorum;

    private bool Fail() => Complete(
        _phase != Phase.Bearing && Tally.Absent() >= _quorum ? RegisterResult.NotBorn : RegisterResult.Unavailable,
        default);

    /// <summary>True: there may be more to send, to stores that lag.</summary>
    private bool Complete(RegisterResult result, ReadOnlyMemory<byte> value)
    {
        _operation = null;
        _phase = _isChosen ? Phase.Settled : Phase.Idle;
        _isPausing = false;
        _effects.Add(new RegisterEffect { Kind = RegisterEffectKind.Complete, Result = result, Value = value });
        return true;
    }

    private bool MayBear() => Tally.Count(static (in lane) => lane.Fresh) >= _quorum;
}
