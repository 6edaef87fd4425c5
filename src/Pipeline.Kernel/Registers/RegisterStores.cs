namespace Pipeline.Kernel.Registers;

/// <summary>The stores as one proposer sees them: sends each what the phase asks for, takes in answers.</summary>
internal sealed class RegisterStores
{
    private readonly RegisterRules _rules;
    private RegisterLane[] _lanes;
    private readonly int _quorum;
    private RegisterPhase _phase;
    private RegisterRound _round;
    private ReadOnlyMemory<byte> _initial;

    public RegisterStores(RegisterRules rules, int voters, int learners, int quorum)
    {
        _rules = rules;
        _quorum = quorum;
        _lanes = new RegisterLane[voters + learners];
        _lanes.AsSpan(0, voters).Fill(new RegisterLane { Votes = true });
    }

    public RegisterPhase Phase => _phase;

    public RegisterTally Tally => new(_lanes);

    public ReadOnlySpan<RegisterLane> Lanes => _lanes;

    /// <summary>The running ballot, and the last one while none runs.</summary>
    public ref readonly RegisterRound Round => ref _round;

    /// <summary>Whether the round's value is known to be chosen.</summary>
    public bool IsChosen { get; private set; }

    /// <summary>While preparing: a value newer than the round was seen.</summary>
    public bool IsVoid { get; private set; }

    private bool HasBallot => IsChosen || _phase == RegisterPhase.Accepting;

    /// <summary>So many stores answered without the register that no quorum can come together.</summary>
    public bool IsHopeless =>
        Tally.Voters() - (_phase == RegisterPhase.Bearing ? Tally.Spoilt() : Tally.Out()) < _quorum;

    /// <summary>Whether a quorum still has the proposer's last value and the promise for its next ballot.</summary>
    public bool HoldNext()
    {
        var held = 0;
        foreach (ref readonly var lane in _lanes.AsSpan())
        {
            held += lane.Votes && lane.Sight == LaneSight.Whole && lane.State.Accepted == _round.Ballot
                && lane.State.Promised == (_rules.AcceptPromisesNext ? _round.Next : _round.Ballot) ? 1 : 0;
        }

        return IsChosen && held >= _quorum;
    }

    public void BeginBearing(ReadOnlyMemory<byte> initial)
    {
        BeginReading();
        _phase = RegisterPhase.Bearing;
        _initial = initial;
    }

    public void BeginReading()
    {
        _phase = RegisterPhase.Reading;
        foreach (ref var lane in _lanes.AsSpan())
        {
            lane.Fresh = false;
        }
    }

    /// <summary>Starts a round above all that was seen.</summary>
    public void BeginPreparing(ulong proposer, ref long highestRound)
    {
        _phase = RegisterPhase.Preparing;
        IsVoid = false;
        IsChosen = false;
        var seen = Ballot.Birth;
        foreach (ref var lane in _lanes.AsSpan())
        {
            lane.ForgetBallot();
            if (lane.Sight == LaneSight.Whole)
            {
                highestRound = Math.Max(highestRound, lane.State.Promised.Round);
                seen = lane.State.Accepted > seen ? lane.State.Accepted : seen;
            }
        }

        var ballot = new Ballot(++highestRound, proposer);
        _round = new RegisterRound { Ballot = ballot, Next = ballot.Next(), SeenAccepted = seen };
    }

    public void BeginAccepting(Ballot ballot, ReadOnlyMemory<byte> value)
    {
        _phase = RegisterPhase.Accepting;
        IsChosen = false;
        _round.Ballot = ballot;
        _round.Next = ballot.Next();
        _round.Value = value;
        foreach (ref var lane in _lanes.AsSpan())
        {
            var hasPromised = lane.Sight == LaneSight.Whole && lane.State.Promised == ballot;
            lane.ForgetBallot();
            lane.HasPromised = hasPromised;
            lane.MayRejoin = lane.Abstains;
        }
    }

    public void SetChosen() => IsChosen = true;

    /// <summary>No operation any more; a chosen value still goes to the stores that lag.</summary>
    public void Settle() => _phase = IsChosen ? RegisterPhase.Settled : RegisterPhase.Idle;

    /// <summary>Sends each idle store what it needs next.</summary>
    public void Advance(List<RegisterEffect> effects)
    {
        for (var store = 0; store < _lanes.Length; store++)
        {
            ref var lane = ref _lanes[store];
            if (!lane.IsIdle)
            {
                continue;
            }

            switch (_phase)
            {
                case RegisterPhase.Reading or RegisterPhase.Bearing when !lane.Fresh || lane.Sight == LaneSight.Unknown:
                    Get(store, effects);
                    break;
                case RegisterPhase.Bearing when lane.Sight == LaneSight.Absent && lane.Votes && MayBear():
                    Put(store, RegisterState.Born(_initial), null, effects);
                    break;
                case RegisterPhase.Preparing:
                    AdvancePreparing(store, ref lane, effects);
                    break;
                case RegisterPhase.Accepting or RegisterPhase.Settled:
                    AdvanceAccepting(store, ref lane, effects);
                    break;
            }
        }
    }

    public void OnAnswer(in RegisterInput input, bool isBusy, List<RegisterEffect> effects)
    {
        ref var lane = ref _lanes[input.Store];
        if (lane.Take(input, _rules))
        {
            return;
        }

        if (!isBusy)
        {
            // The next operation will look again.
            lane.HasRefused = true;
            return;
        }

        lane.Work = LaneWork.Paused;
        effects.Add(new RegisterEffect
        {
            Kind = RegisterEffectKind.PauseStore,
            Store = input.Store,
            Attempt = lane.Attempt++,
        });
    }

    /// <summary>
    /// An unanswered put is sent again as it was, while it is still wanted. A read that waits for a store asks again
    /// those that did not have the register: whoever gives birth to it may have got there by now.
    /// </summary>
    public void OnResumed(int store, bool isBusy, List<RegisterEffect> effects)
    {
        if (_phase == RegisterPhase.Reading)
        {
            foreach (ref var other in _lanes.AsSpan())
            {
                other.Fresh &= other.Sight != LaneSight.Absent;
            }
        }

        ref var lane = ref _lanes[store];
        lane.Work = LaneWork.None;
        lane.HasRefused |= !isBusy;
        var isWanted = lane.SentIsOpen && _phase switch
        {
            RegisterPhase.Preparing => lane.Sent.Promised == _round.Ballot,
            RegisterPhase.Accepting => lane.Sent.Accepted == _round.Ballot,
            _ => false,
        };
        if (isWanted)
        {
            Put(store, lane.Sent, lane.SentVersion, effects);
        }
    }

    public RegisterStores Clone()
    {
        var copy = (RegisterStores)MemberwiseClone();
        copy._lanes = (RegisterLane[])_lanes.Clone();
        return copy;
    }

    public bool Accepts(Ballot ballot)
    {
        var isUnderWay = HasBallot && _round.Ballot == ballot;
        foreach (ref readonly var lane in _lanes.AsSpan())
        {
            isUnderWay |= lane.Work == LaneWork.Put && lane.Sent.Accepted == ballot;
        }

        return isUnderWay;
    }

    public void Encode(ref StateEncoder to)
    {
        to.Write((byte)_phase);
        to.Write(IsChosen);
        if (_phase == RegisterPhase.Preparing || HasBallot)
        {
            to.Write(_round.Ballot);
            to.Write(_phase == RegisterPhase.Preparing ? _round.SeenAccepted : default);
            to.Write(HasBallot ? _round.Value.Span : default);
        }
    }

    public void EncodeStore(int store, string? current, bool isBusy, ref StateEncoder to) => _lanes[store].Encode(
        current, isBusy, _phase == RegisterPhase.Preparing || HasBallot, ref to);

    private void AdvancePreparing(int store, ref RegisterLane lane, List<RegisterEffect> effects)
    {
        if (!lane.Votes || lane.HasPromised || lane.HasRefused || lane.Sight == LaneSight.Lost)
        {
            return;
        }

        if (lane.Abstains)
        {
            CopyOfAPeer(store, lane, effects);
            return;
        }

        if (lane.Sight != LaneSight.Whole)
        {
            Get(store, effects);
            return;
        }

        IsVoid |= _round.JudgePrepare(ref lane, _rules);
        if (!IsVoid && !lane.HasPromised && !lane.HasRefused)
        {
            Put(store, _round.Prepared(lane.State), lane.Version, effects);
        }
    }

    private void AdvanceAccepting(int store, ref RegisterLane lane, List<RegisterEffect> effects)
    {
        if (lane.HasAccepted || lane.HasRefused || lane.Sight == LaneSight.Lost)
        {
            return;
        }

        if (lane.Abstains)
        {
            AdvanceRejoining(store, ref lane, effects);
            return;
        }

        if (lane.Sight != LaneSight.Whole)
        {
            Get(store, effects);
            return;
        }

        _round.JudgeAccept(ref lane, _rules);
        if (!lane.HasAccepted && !lane.HasRefused)
        {
            Put(store, _round.Accepted(_rules), lane.Version, effects);
        }
    }

    /// <summary>Once only a round: whether an install that got no answer came and went again cannot be told.</summary>
    private void AdvanceRejoining(int store, ref RegisterLane lane, List<RegisterEffect> effects)
    {
        if (IsChosen && (lane.MayRejoin || !_rules.RejoinNeedsFreshRound))
        {
            lane.MayRejoin = false;
            Put(store, _round.Accepted(_rules), lane.Version, effects);
            lane.SentIsOpen = false;
        }
        else
        {
            CopyOfAPeer(store, lane, effects);
        }
    }

    /// <summary>Looks like a repair and loses chosen values: only without its rule, for the model checker.</summary>
    private void CopyOfAPeer(int store, in RegisterLane lane, List<RegisterEffect> effects)
    {
        var peer = Array.FindIndex(_lanes, static lane => lane.Sight == LaneSight.Whole);
        if (!_rules.RejoinNeedsQuorum && peer >= 0)
        {
            Put(store, _lanes[peer].State, lane.Version, effects);
        }
    }

    private void Get(int store, List<RegisterEffect> effects)
    {
        _lanes[store].Work = LaneWork.Get;
        _lanes[store].SentIsOpen = false;
        effects.Add(new RegisterEffect { Kind = RegisterEffectKind.Get, Store = store });
    }

    private void Put(int store, in RegisterState state, string? version, List<RegisterEffect> effects)
    {
        ref var lane = ref _lanes[store];
        lane.Work = LaneWork.Put;
        lane.Sent = state;
        lane.SentVersion = version;
        lane.SentIsOpen = true;
        effects.Add(new RegisterEffect
        {
            Kind = RegisterEffectKind.Put,
            Store = store,
            State = state,
            Version = version,
        });
    }

    private bool MayBear() => Tally.Count(static (in lane) => lane.Fresh) >= _quorum;
}
