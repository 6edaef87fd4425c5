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
    private RegisterStores _stores;
    private readonly ulong _id;
    private readonly int _quorum;

    private RegisterOperation _operation;
    private RegisterQuestion _question;
    private long _highestRound;
    private int _pauseToken;
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

    internal RegisterProposer(ulong id, int voters, int quorum, int learners, long roundFloor, RegisterRules rules)
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
    public bool IsBusy => _operation.Kind is not null;

    /// <summary>Whether a voting store answered without the register and nothing is under way to install it.</summary>
    public bool HasAbstainer => _stores.Tally.Count(static (in lane) => lane.Abstains && lane.IsIdle) > 0;

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

    /// <summary>A copy that goes its own way.</summary>
    internal RegisterProposer Clone()
    {
        var copy = (RegisterProposer)MemberwiseClone();
        copy._stores = _stores.Clone();
        return copy;
    }

    /// <summary>Whether its value of this ballot may yet be sent to a store.</summary>
    internal bool Accepts(Ballot ballot) => _stores.Accepts(ballot);

    /// <summary>All but what belongs to one store.</summary>
    internal void Encode(ref StateEncoder to)
    {
        to.Write(_highestRound);
        _operation.Encode(ref to);
        _stores.Encode(ref to);
    }

    /// <summary>What belongs to one store; versions count only by whether they are its current one.</summary>
    internal void EncodeStore(int store, string? current, ref StateEncoder to)
    {
        to.Write(_operation.Kind == RegisterInputKind.Rejoin && _operation.Target == store);
        _stores.EncodeStore(store, current, IsBusy, ref to);
    }

    private void Begin(in RegisterInput input)
    {
        if (IsBusy)
        {
            throw new InvalidOperationException("a register proposer runs one operation at a time");
        }

        _operation = new RegisterOperation
        {
            Kind = input.Kind,
            Initial = input.Content ?? default,
            Target = input.Store,
        };
        if (input.Kind == RegisterInputKind.Change && _stores.HoldNext())
        {
            Ask(RegisterQuestion.Direct, _stores.Round.Value);
        }
        else if (input.Kind == RegisterInputKind.Bear)
        {
            _stores.BeginBearing(_operation.Initial);
        }
        else
        {
            BeginReading();
        }
    }

    private void BeginReading()
    {
        _operation.HasProbed = false;
        _operation.HasWaited = false;
        _operation.IsPausing = false;
        _stores.BeginReading();
    }

    private void BeginAccepting(Ballot ballot, ReadOnlyMemory<byte> value)
    {
        _operation.IsPausing = false;
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
        if (agreed >= 0 && _operation.Kind == RegisterInputKind.Read)
        {
            return Complete(RegisterResult.Chosen, _stores.Lanes[agreed].State.Value);
        }

        if (agreed >= 0 && _operation.Kind == RegisterInputKind.Change && !_operation.HasProbed)
        {
            return Ask(RegisterQuestion.Probe, _stores.Lanes[agreed].State.Value);
        }

        if (Tally.FreshAndWhole() < _quorum
            || (_operation.Kind == RegisterInputKind.Rejoin && !_stores.Lanes[_operation.Target].Fresh))
        {
            return false;
        }

        if (_operation.Kind is RegisterInputKind.Read or RegisterInputKind.Identity
            && !_operation.HasWaited && Tally.Heard() < Tally.Voters())
        {
            return Pause(RegisterEffectKind.AwaitStragglers);
        }

        _operation.IsPausing = false;
        _stores.BeginPreparing(_id, ref _highestRound);
        return true;
    }

    private bool EvaluateBearing()
    {
        var tally = Tally;
        if (tally.Touched() >= 0)
        {
            // It lives already: born is born.
            _operation.Kind = RegisterInputKind.Read;
            BeginReading();
            return true;
        }

        var other = tally.HolderOfAnother(_operation.Initial.Span);
        if (other >= 0)
        {
            return Complete(RegisterResult.BornOtherwise, _stores.Lanes[other].State.Value);
        }

        return tally.FreshAndWhole() >= _quorum
            ? Complete(RegisterResult.Chosen, _operation.Initial)
            : _stores.IsHopeless && Fail();
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
        if (_operation.Kind == RegisterInputKind.Change)
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
            return EvaluateRejoining(_stores.Lanes[_operation.Target]);
        }

        if (Tally.Accepts() < _quorum)
        {
            return _stores.IsHopeless ? Fail() : BackOffIfOutbid(Tally.Accepts());
        }

        _stores.SetChosen();
        _operation.IsPausing = false;
        return _operation.Kind == RegisterInputKind.Rejoin
            || Complete(_operation.Declines ? RegisterResult.Declined : RegisterResult.Chosen, _stores.Round.Value);
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
                _operation.HasProbed = true;
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

        _operation.Declines = true;
        BeginAccepting(_stores.Round.Ballot, state.Value);
    }

    private void OnResumed(int token)
    {
        if (!_operation.IsPausing || token != _pauseToken)
        {
            return;
        }

        if (_stores.Phase == RegisterPhase.Reading)
        {
            _operation.IsPausing = false;
            _operation.HasWaited = true;
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
        if (!_operation.IsPausing)
        {
            _operation.IsPausing = true;
            _effects.Add(new RegisterEffect { Kind = kind, Attempt = _operation.Attempt++, Token = ++_pauseToken });
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
        _operation.Kind = null;
        _operation.IsPausing = false;
        _stores.Settle();
        _effects.Add(new RegisterEffect { Kind = RegisterEffectKind.Complete, Result = result, Value = value });
        return true;
    }
}
