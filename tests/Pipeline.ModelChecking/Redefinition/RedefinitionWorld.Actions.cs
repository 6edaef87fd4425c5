namespace Pipeline.ModelChecking.Redefinition;

/// <summary>What can happen next.</summary>
internal sealed partial class RedefinitionWorld
{
    public void AddActions(List<int> actions)
    {
        for (var i = 0; i < _runners.Length; i++)
        {
            if (_runners[i] is { } runner)
            {
                AddSteps(actions, RedefinitionActor.Runner, i, runner);
            }
            else if (IsNext(i))
            {
                AddStarts(actions, i);
            }
        }

        for (var i = 0; i < _changers.Length; i++)
        {
            AddChange(actions, i);
        }

        if (_resumes > 0)
        {
            actions.Add(new RedefinitionAction(RedefinitionActionKind.Resume, RedefinitionActor.None).Code);
        }
    }

    /// <summary>Processes that may run the same instance are alike: they start in the order of their numbers.</summary>
    private bool IsNext(int runner)
    {
        for (var i = 0; i < runner; i++)
        {
            if (_runners[i] is null && _options.Runners[i] == _options.Runners[runner])
            {
                return false;
            }
        }

        return true;
    }

    private void AddStarts(List<int> actions, int number)
    {
        var register = _options.Runners[number];
        if (_options.Texts[_catalog.Text].Find(register) is not null)
        {
            actions.Add(
                new RedefinitionAction(RedefinitionActionKind.Start, RedefinitionActor.Runner, number).Code);
        }

        if (_unnamed.Text >= 0 && _options.Texts[_unnamed.Text].Find(register) is not null)
        {
            actions.Add(
                new RedefinitionAction(RedefinitionActionKind.StartUnnamed, RedefinitionActor.Runner, number).Code);
        }
    }

    private void AddSteps(List<int> actions, RedefinitionActor actor, int number, Activation activation)
    {
        var isCut = actor != RedefinitionActor.Runner;
        switch (activation.Phase)
        {
            case ActivationPhase.Planned:
                Add(RedefinitionActionKind.Activate);
                break;
            case ActivationPhase.Opening:
                Add(RedefinitionActionKind.Open);
                break;
            case ActivationPhase.Running:
                AddWork();
                break;
        }

        void AddWork()
        {
            var node = activation.Node!;
            if (node.NextOf(_partitions[activation.Plan.Input]) >= 0 && (!isCut || ReadsOn(number, activation)))
            {
                Add(RedefinitionActionKind.Read);
            }

            for (var outlet = 0; outlet < activation.Sent.Length && MaySend(activation); outlet++)
            {
                if (activation.Sent[outlet] < node.Parts[outlet].Count)
                {
                    Add(RedefinitionActionKind.Send, outlet);
                }
            }

            if (activation.Saving is null && activation.Saved != node && (!isCut || Drains(number, activation)))
            {
                Add(RedefinitionActionKind.Save);
            }

            if (activation.Saving is { } saving
                ? activation.HasSent(saving)
                : isCut && IsCut(number, activation))
            {
                Add(RedefinitionActionKind.Write);
            }
        }

        void Add(RedefinitionActionKind kind, int index = 0) =>
            actions.Add(new RedefinitionAction(kind, actor, number, index).Code);
    }

    private void AddChange(List<int> actions, int number)
    {
        if (_changers[number] is not { } changer)
        {
            if (!_options.IsSequential || number == 0 || _changers[number - 1] is { IsOver: true })
            {
                Add(RedefinitionActionKind.Reserve);
            }

            return;
        }

        if (changer.Stray is { } stray)
        {
            AddSteps(actions, RedefinitionActor.Stray, number, stray);
        }

        if (changer.IsOver)
        {
            return;
        }

        if (changer.Cut is { } cut)
        {
            AddSteps(actions, RedefinitionActor.Changer, number, cut);
            if (_repeats > 0 && changer.Stray is null && cut.Phase != ActivationPhase.Planned)
            {
                Add(RedefinitionActionKind.Repeat);
            }

            return;
        }

        AddItem(actions, number, changer);

        void Add(RedefinitionActionKind kind) =>
            actions.Add(new RedefinitionAction(kind, RedefinitionActor.Changer, number).Code);
    }

    private void AddItem(List<int> actions, int number, Changer changer)
    {
        var items = _memory.ItemsOf(changer);
        var item = changer.At < items.Length ? items[changer.At] : null;
        var kind = item?.Kind switch
        {
            null => RedefinitionActionKind.Switch,
            ChangeItemKind.Cut or ChangeItemKind.Drain => RedefinitionActionKind.Begin,
            _ => RedefinitionActionKind.Move,
        };
        actions.Add(new RedefinitionAction(kind, RedefinitionActor.Changer, number).Code);
        if (kind != RedefinitionActionKind.Begin || !_options.CutsInPlace)
        {
            return;
        }

        for (var runner = 0; runner < _runners.Length; runner++)
        {
            if (_runners[runner] is { Phase: ActivationPhase.Running, Saving: null, Saved: not null } running
                && running.Layout == changer.FromLayout
                && running.Plan == _options.Texts[changer.From].Find(item!.Register))
            {
                actions.Add(new RedefinitionAction(
                    RedefinitionActionKind.BeginInPlace, RedefinitionActor.Changer, number, runner).Code);
            }
        }
    }

    /// <summary>A layout owns the checkpoint before it sends anything.</summary>
    private bool MaySend(Activation activation) =>
        activation.Saved is not null || _options.Has(RedefinitionFlaws.SendBeforeOwning);

    private bool Drains(int number, Activation cut) => ItemOf(number, cut).Kind == ChangeItemKind.Drain;

    /// <summary>Whether a cut has not made all yet that the targets hold, or not read all that it is to read.</summary>
    private bool ReadsOn(int number, Activation cut) => Drains(number, cut)
        || (!cut.IsCaughtUp && !_options.Has(RedefinitionFlaws.CutWithoutReplay));

    private bool IsCut(int number, Activation cut) =>
        (cut.IsCaughtUp || _options.Has(RedefinitionFlaws.CutWithoutReplay))
        && (cut.HasSent(cut.Node!) || _options.Has(RedefinitionFlaws.CheckpointEarly))
        && (!Drains(number, cut) || cut.Node!.NextOf(_partitions[cut.Plan.Input]) < 0);

    private ChangeItem ItemOf(int number, Activation cut) => Array.Find(
        _memory.ItemsOf(_changers[number]!), item => item.Register == cut.Plan.Register)!;
}
