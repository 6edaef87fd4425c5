using Pipeline.Kernel.Registers;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Registers;

/// <summary>
/// Shipped proposers over three stores. A request is carried out at any later time, or never; its answer comes at
/// once, later, or is lost; blobs vanish or are damaged. A crash is a proposer that takes no further step.
/// </summary>
internal sealed class RegisterWorld : IWorld<RegisterWorld>
{
    public const int Stores = 3;

    private readonly RegisterWorldOptions _options;
    private readonly Actor[] _actors;
    private readonly StoreRow _stores;
    private Budget _budget;

    public RegisterWorld(RegisterWorldOptions options)
    {
        _options = options;
        _budget = Budget.Of(options);
        _stores = new StoreRow();
        _actors = [.. Enumerable.Range(0, options.Scripts.Length).Select(NewActor)];
        for (var actor = 0; actor < options.Settled; actor++)
        {
            Start(actor);
            while (_actors[actor] is { Started: 1, NextRequest: >= 0 and var store })
            {
                CarryOut(actor, store);
            }
        }

        for (var actor = 0; actor < _actors.Length; actor++)
        {
            StartAtOnce(actor);
        }

        foreach (var action in options.Prelude)
        {
            Take(action);
            TellTheDoomed();
        }
    }

    private RegisterWorld(RegisterWorld other)
    {
        (_options, _budget) = (other._options, other._budget);
        _actors = [.. other._actors];
        _stores = other._stores.Clone();
    }

    public string? Violation { get; private set; }

    public void AddActions(List<int> actions)
    {
        for (var i = 0; i < _actors.Length; i++)
        {
            var actor = _actors[i];
            AddStarts(actions, i);
            if (actor.Pause is not null && (!actor.IsOutbid || _budget.Retries > 0))
            {
                actions.Add(new RegisterAction(RegisterActionKind.Resume, i).Code);
            }

            for (var store = 0; store < Stores; store++)
            {
                AddDeliveries(actions, i, store);
            }
        }

        for (var store = 0; store < Stores; store++)
        {
            var mayLose = _budget.Losses > 0 && (_options.LosingStore ?? store) == store;
            if (mayLose && _stores[store].IsThere)
            {
                actions.Add(new RegisterAction(RegisterActionKind.Lose, 0, store).Code);
            }

            if (_budget.Damages > 0 && _stores[store].IsThere)
            {
                actions.Add(new RegisterAction(RegisterActionKind.Damage, 0, store).Code);
            }
        }

        for (var late = 0; late < _stores.Late.Count; late++)
        {
            if (_stores.IsOpen(_stores.Late[late]))
            {
                actions.Add(new RegisterAction(RegisterActionKind.Land, late).Code);
            }
        }
    }

    public RegisterWorld After(int code)
    {
        var action = RegisterAction.Of(code);
        var next = new RegisterWorld(this);
        next.Take(action);
        next.TellTheDoomed();
        next.Violation ??= next._stores.Votes.Fork();
        next._stores.Forget(next.IsOpen);
        return next;
    }

    public string Describe(int code)
    {
        var action = RegisterAction.Of(code);
        var store = $"S{action.Store + 1}";
        var who = $"P{action.Actor + 1}";
        var request = action.Kind < RegisterActionKind.Start ? _actors[action.Actor].Requests[action.Store] : default;
        return action.Kind switch
        {
            RegisterActionKind.Deliver => $"{who}: {request} on {store}",
            RegisterActionKind.LoseAnswer => $"{who}: {request} on {store}; the answer is lost",
            RegisterActionKind.GoLate => $"{who}: {request} on {store} gets no answer, and may be carried out later",
            RegisterActionKind.Hold => $"{who}: {request} on {store}; the answer is on its way",
            RegisterActionKind.Answer => $"{who} gets the answer of {store}",
            RegisterActionKind.Start => $"{who} starts '{NextOf(action.Actor)}'",
            RegisterActionKind.Resume => $"{who} has waited enough",
            RegisterActionKind.Lose => $"the blob of {store} vanishes (was {_stores[action.Store]})",
            RegisterActionKind.Damage => $"the blob of {store} is damaged (was {_stores[action.Store]})",
            _ => $"late: {_stores.Late[action.Actor]}",
        };
    }

    public UInt128 Fingerprint()
    {
        Span<byte> all = stackalloc byte[4096];
        var shared = new StateEncoder(all);
        _budget.Encode(ref shared);
        _stores.Votes.Encode(ref shared);
        for (var i = 0; i < _actors.Length; i++)
        {
            _actors[i].Encode(_options.Scripts[i], ref shared);
        }

        // The stores are alike: only what is on them counts, not which one it is.
        Span<UInt128> stores = stackalloc UInt128[Stores];
        Span<byte> one = stackalloc byte[2048];
        for (var store = 0; store < Stores; store++)
        {
            stores[store] = FingerprintOf(store, one);
        }

        stores.Sort();
        foreach (var store in stores)
        {
            shared.Write((long)(ulong)store);
            shared.Write((long)(ulong)(store >> 64));
        }

        return Fingerprints.Of(shared.Written);
    }

    private UInt128 FingerprintOf(int store, Span<byte> buffer)
    {
        var to = new StateEncoder(buffer);
        _stores.EncodeStore(store, ref to);
        for (var i = 0; i < _actors.Length; i++)
        {
            _actors[i].EncodeStore(_options.Scripts[i], store, _stores[store].Tag, ref to);
        }

        return Fingerprints.Of(to.Written);
    }

    private char NextOf(int actor) => _options.Scripts[actor][_actors[actor].Started];

    private void AddStarts(List<int> actions, int i)
    {
        var actor = _actors[i];
        var script = _options.Scripts[i];
        if (actor.Started < script.Length && (!actor.Proposer.IsBusy || script[actor.Started] == '!'))
        {
            actions.Add(new RegisterAction(RegisterActionKind.Start, i).Code);
        }
    }

    private void AddDeliveries(List<int> actions, int actor, int store)
    {
        var request = _actors[actor].Requests[store];
        if (request.Kind is null)
        {
            return;
        }

        if (request.Answer is not null)
        {
            actions.Add(new RegisterAction(RegisterActionKind.Answer, actor, store).Code);
            return;
        }

        actions.Add(new RegisterAction(RegisterActionKind.Deliver, actor, store).Code);
        if (_budget.HeldAnswers > 0)
        {
            actions.Add(new RegisterAction(RegisterActionKind.Hold, actor, store).Code);
        }

        // A put that fails changes nothing: whether its answer is lost does not matter.
        var mayWrite = request.Kind == RegisterEffectKind.Put && request.Version == _stores[store].Tag;
        if (mayWrite && _budget.LostAnswers > 0)
        {
            actions.Add(new RegisterAction(RegisterActionKind.LoseAnswer, actor, store).Code);
        }

        if (mayWrite && _budget.LateRequests > 0)
        {
            actions.Add(new RegisterAction(RegisterActionKind.GoLate, actor, store).Code);
        }
    }

    private void Take(RegisterAction action)
    {
        var (actor, store) = (action.Actor, action.Store);
        switch (action.Kind)
        {
            case RegisterActionKind.Deliver:
                CarryOut(actor, store);
                break;
            case RegisterActionKind.LoseAnswer:
                _budget = _budget with { LostAnswers = _budget.LostAnswers - 1 };
                Perform(actor, store);
                Reply(actor, store, RegisterInput.Put(store, StoreAnswer.Unknown, null));
                break;
            case RegisterActionKind.GoLate:
                _budget = _budget with { LateRequests = _budget.LateRequests - 1 };
                _stores.AddLate(_actors[actor].Requests[store], store);
                Reply(actor, store, RegisterInput.Put(store, StoreAnswer.Unknown, null));
                break;
            case RegisterActionKind.Hold:
                _budget = _budget with { HeldAnswers = _budget.HeldAnswers - 1 };
                var answer = Perform(actor, store);
                Own(actor).Requests[store] = _actors[actor].Requests[store] with { Answer = answer };
                break;
            case RegisterActionKind.Answer:
                _budget = _budget with { HeldAnswers = _budget.HeldAnswers + 1 };
                Reply(actor, store, _actors[actor].Requests[store].Answer!.Value);
                break;
            case RegisterActionKind.Start:
                Start(actor);
                break;
            case RegisterActionKind.Resume:
                var token = _actors[actor].Pause!.Value;
                _budget = _budget with { Retries = _budget.Retries - (_actors[actor].IsOutbid ? 1 : 0) };
                Own(actor).Pause = null;
                Feed(_actors[actor], actor, RegisterInput.Resumed(token));
                break;
            case RegisterActionKind.Lose:
                _budget = _budget with { Losses = _budget.Losses - 1 };
                _stores[store] = _stores[store].Vanish();
                break;
            case RegisterActionKind.Damage:
                _budget = _budget with { Damages = _budget.Damages - 1 };
                _stores[store] = _stores[store].Damage();
                break;
            case RegisterActionKind.Land:
                _stores.Land(actor);
                break;
        }
    }

    /// <summary>
    /// A put over a version that is gone fails whenever it arrives, and its sender then reads: told at once, the sender
    /// has the same things ahead as told later.
    /// </summary>
    private void TellTheDoomed()
    {
        for (var i = 0; i < _actors.Length; i++)
        {
            for (var store = 0; store < Stores; store++)
            {
                var request = _actors[i].Requests[store];
                if (request is { Kind: RegisterEffectKind.Put, Answer: null, Version: not null }
                    && request.Version != _stores[store].Tag)
                {
                    CarryOut(i, store);
                }
            }
        }
    }

    /// <summary>Whether a store may yet accept at this ballot.</summary>
    private bool IsOpen(Ballot ballot) =>
        Array.Exists(_actors, actor => actor.Proposer.Accepts(ballot))
        || _stores.Late.Exists(late => late.State.Accepted == ballot);

    private void CarryOut(int actor, int store) => Reply(actor, store, Perform(actor, store));

    private RegisterInput Perform(int actor, int store) => _stores.Perform(_actors[actor].Requests[store], store);

    private void Reply(int actor, int store, in RegisterInput answer)
    {
        Own(actor).Requests[store] = default;
        Feed(_actors[actor], actor, answer);
    }

    private Actor NewActor(int i) => new(new RegisterProposer(
        _options.Ids[i], Stores, RegisterWorldOptions.Quorum, 0, _options.RoundFloors[i], _options.Rules));

    private Actor Own(int actor) => _actors[actor] = _actors[actor].Clone();

    /// <summary>Changes follow one another at once; when a read starts matters: that is an action.</summary>
    private void StartAtOnce(int i)
    {
        var (actor, script) = (_actors[i], _options.Scripts[i]);
        if (!actor.Proposer.IsBusy && actor.Started < script.Length && char.IsLetter(script[actor.Started]))
        {
            Start(i);
        }
    }

    private void Start(int i)
    {
        var started = _actors[i].Started;
        var operation = _options.Scripts[i][started];
        if (operation == '!')
        {
            for (var store = 0; store < Stores; store++)
            {
                if (_actors[i].Requests[store] is { Kind: RegisterEffectKind.Put, Answer: null } request)
                {
                    _stores.AddLate(request, store);
                }
            }

            _actors[i] = NewActor(i);
            _actors[i].Started = started + 1;
            StartAtOnce(i);
            return;
        }

        var actor = Own(i);
        actor.Started++;
        actor.Operation = operation;
        actor.Floor = char.IsLetter(operation) ? 0 : _stores.Votes.LongestChosen;
        Feed(actor, i, operation switch
        {
            '?' => RegisterInput.Read(),
            '=' => RegisterInput.Identity(),
            >= '0' and <= '2' => RegisterInput.Rejoin(operation - '0'),
            _ => RegisterInput.Change(),
        });
    }

    private void Feed(Actor actor, int i, RegisterInput input)
    {
        List<RegisterEffect> effects = [];
        actor.Proposer.Step(input, effects);
        for (var at = 0; at < effects.Count; at++)
        {
            Take(i, actor, effects[at], effects);
        }

        StartAtOnce(i);
    }

    private void Take(int i, Actor actor, RegisterEffect effect, List<RegisterEffect> effects)
    {
        switch (effect.Kind)
        {
            case RegisterEffectKind.Get or RegisterEffectKind.Put:
                actor.Requests[effect.Store] = new StoreRequest(effect.Kind, effect.State, effect.Version, null);
                break;
            case RegisterEffectKind.Decide:
                actor.Proposer.Step(RegisterInput.Decided(Next(effect.Value, actor.Operation)), effects);
                break;
            case RegisterEffectKind.PauseStore:
                // Only time passes in between: the request sent again may be carried out as late as any.
                actor.Proposer.Step(RegisterInput.StoreResumed(effect.Store), effects);
                break;
            case RegisterEffectKind.BackOff or RegisterEffectKind.AwaitStragglers:
                actor.Pause = effect.Token;
                actor.IsOutbid = effect.Kind == RegisterEffectKind.BackOff;
                break;
            case RegisterEffectKind.Complete:
                actor.Pause = null;
                actor.IsOutbid = false;
                Violation ??= Check(i, actor, effect);
                break;
        }
    }

    private string? Check(int i, Actor actor, in RegisterEffect effect)
    {
        if (effect.Result is not (RegisterResult.Chosen or RegisterResult.Declined))
        {
            return null;
        }

        var what = $"P{i + 1} '{actor.Operation}' was answered \"{Votes.Text(effect.Value)}\"";
        return !_stores.Votes.IsChosenValue(effect.Value) ? $"{what}, which is not chosen"
            : effect.Value.Length < actor.Floor ? $"{what}, though a longer value was chosen before it began"
            : null;
    }

    /// <summary>Adds the letter, but for a value that has it already: its own earlier attempt went through.</summary>
    private static ReadOnlyMemory<byte>? Next(ReadOnlyMemory<byte> value, char letter) =>
        value.Span.Contains((byte)letter) ? new ReadOnlyMemory<byte>?() : (byte[])[.. value.Span, (byte)letter];
}
