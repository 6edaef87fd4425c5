using Pipeline.Kernel.Stages;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>The steps of a change, and of resuming.</summary>
internal sealed partial class RedefinitionWorld
{
    /// <summary>The layout of a checkpoint that was put together for a stage that ran elsewhere.</summary>
    private const long Seeded = StageSnapshot.SeededLayout;

    private void Take(RedefinitionAction action)
    {
        switch (action.Kind)
        {
            case RedefinitionActionKind.Start:
                Start(action.Number, _catalog.Text, _catalog.Layout, _catalog.Term);
                break;
            case RedefinitionActionKind.StartUnnamed:
                Start(action.Number, _unnamed.Text, _unnamed.Layout, _unnamed.Term);
                break;
            case RedefinitionActionKind.Resume:
                _resumes--;
                Resume();
                break;
            case RedefinitionActionKind.Reserve:
                Reserve(action.Number);
                break;
            case RedefinitionActionKind.Begin or RedefinitionActionKind.BeginInPlace:
                Begin(action);
                break;
            case RedefinitionActionKind.Repeat:
                _repeats--;
                Repeat(action.Number);
                break;
            case RedefinitionActionKind.Move:
                Move(action.Number);
                break;
            case RedefinitionActionKind.Switch:
                Switch(action.Number);
                break;
            default:
                TakeStep(action);
                break;
        }
    }

    private void TakeStep(RedefinitionAction action)
    {
        var before = Find(action)!;
        var activation = Step(action, before);
        Set(action, activation);
        if (action.Kind != RedefinitionActionKind.Write || action.Actor == RedefinitionActor.Runner
            || before.Saving is not null)
        {
            return;
        }

        if (action.Actor == RedefinitionActor.Changer && activation.Phase != ActivationPhase.Ended)
        {
            var changer = _changers[action.Number]!;
            SetChanger(action.Number, changer with { At = changer.At + 1, Cut = null, Attempt = 0 });
        }
        else if (action.Actor == RedefinitionActor.Stray)
        {
            Set(action, activation.Ended());
        }
    }

    private void Start(int runner, int text, long layout, long term) =>
        SetRunner(runner, new Activation(_options.Texts[text].Find(_options.Runners[runner])!, layout, term));

    private void Resume()
    {
        if (_options.Has(RedefinitionFlaws.ResumeUnnamed))
        {
            _unnamed = (_catalog.Text, _catalog.Layout, _catalog.Next);
            _catalog = _catalog with { Next = _catalog.Next + 1 };
        }
        else
        {
            _catalog = Resumed();
        }
    }

    private WorldCatalog Resumed() => _options.Has(RedefinitionFlaws.ResumeAsNew)
        ? _catalog.Resumed() with { Layout = _catalog.Next }
        : _catalog.Resumed();

    /// <summary>The text that is read, the terms and the mark: one change of the catalog.</summary>
    private void Reserve(int number)
    {
        var changer = new Changer(_options.Changes[number]);
        if (changer.To == _catalog.Text)
        {
            SetChanger(number, changer.Over());
            return;
        }

        SetChanger(number, changer with
        {
            From = _catalog.Text,
            FromTerm = _catalog.Term,
            FromLayout = _catalog.Layout,
            Elsewhere = _catalog.Elsewhere,
            Mark = _catalog.Next,
        });
        _catalog = _catalog with { Next = _catalog.Next + _options.Attempts + 1, Mark = _catalog.Next };
    }

    private void Begin(RedefinitionAction action)
    {
        var changer = _changers[action.Number]!;
        var item = _memory.ItemsOf(changer)[changer.At];
        var plan = _options.Texts[changer.From].Find(item.Register)!;
        var cut = new Activation(plan, changer.FromLayout, changer.Mark);
        if (action.Kind == RedefinitionActionKind.BeginInPlace)
        {
            // It stops reading where it is, and asks all targets anew under the term of the cut.
            cut = _runners[action.Index]! with { Term = changer.Mark, Phase = ActivationPhase.Opening, Held = [] };
            SetRunner(action.Index, cut.Ended());
        }

        SetChanger(action.Number, changer with { Cut = cut });
    }

    private void Repeat(int number)
    {
        var changer = _changers[number]!;
        var attempt = changer.Attempt + (_options.Has(RedefinitionFlaws.AttemptsShareTerm) ? 0 : 1);
        SetChanger(number, changer with
        {
            Stray = changer.Cut,
            Cut = new Activation(changer.Cut!.Plan, changer.FromLayout, changer.Mark + attempt),
            Attempt = attempt,
        });
    }

    private void Switch(int number)
    {
        var changer = _changers[number]!;
        var isAsItWas = _catalog.Text == changer.From && _catalog.Term == changer.FromTerm
            && (_catalog.Mark == changer.Mark || _options.Has(RedefinitionFlaws.ReserveUnmarked));
        if (isAsItWas || _options.Has(RedefinitionFlaws.SwitchBlindly))
        {
            _catalog = _catalog with
            {
                Text = changer.To,
                Term = changer.Mark + _options.Attempts,
                Layout = changer.Mark + _options.Attempts,
                Elsewhere = _memory.Elsewhere(
                    _options.Texts[changer.From], _options.Texts[changer.To], changer.Elsewhere),
            };
        }

        SetChanger(number, changer.Over());
    }

    /// <summary>Puts a seed together, and then has it written.</summary>
    private void Move(int number)
    {
        var changer = _changers[number]!;
        var item = _memory.ItemsOf(changer)[changer.At];
        if (changer.Seed is not { } seed)
        {
            SetChanger(number, changer with { Seed = item.Kind == ChangeItemKind.Join ? Join(item) : Begin(item) });
            return;
        }

        var current = _registers[item.Register].Value;
        var wanted = seed.Value with { Term = changer.Mark + _options.Attempts };
        var value = StageCheckpointRules.Seed(current, wanted)
            ?? (_options.Has(RedefinitionFlaws.SeedBlindly) ? wanted with { Epoch = current.Epoch.Next() } : null);
        if (value is null)
        {
            SetChanger(number, changer.Over());
            return;
        }

        _registers[item.Register] = new WorldRegister(value, seed.Layout);
        SetChanger(number, changer with { At = changer.At + 1, Seed = null });
    }

    /// <summary>Where it was cut, with the state of a stage that had an instance of its own.</summary>
    private WorldRegister Join(ChangeItem item)
    {
        var host = _registers[item.Register];
        var cut = host.Snapshot ?? Empty(host.Value.Cursor, []);
        return new WorldRegister(
            host.Value with
            {
                Number = 0,
                Snapshot = Encode(cut with
                {
                    Operators =
                    [
                        .. cut.Operators.Where(state => state.Name != item.Stage), .. StateOf(item),
                    ],
                }),
            },
            host.Snapshot is null ? Seeded : host.Layout);
    }

    /// <summary>The end of its input, as it is after the cuts.</summary>
    private WorldRegister Begin(ChangeItem item)
    {
        var end = _partitions[_options.Homes[item.Stage].Input].End;
        var snapshot = Encode(Empty(end, [.. StateOf(item)]));
        return new WorldRegister(StageCheckpoint.None with { Cursor = end, Snapshot = snapshot }, Seeded);
    }

    private static StageSnapshot Empty(long cursor, OperatorState[] operators) => new()
    {
        Cursor = StageCursor.At(cursor),
        Layout = StageSnapshot.SeededLayout,
        LastOffset = cursor - 1,
        Ordinal = 1,
        Watermark = long.MinValue,
        AcceptedTime = 0,
        Upstreams = [],
        Outlets = [],
        Operators = operators,
    };

    private IEnumerable<OperatorState> StateOf(ChangeItem item) =>
        item.From < 0 || _options.Has(RedefinitionFlaws.MoveWithoutState)
        ? []
        : _registers[item.From].Snapshot?.Operators.Where(state => state.Name == item.Stage) ?? [];

    private static byte[] Encode(StageSnapshot snapshot)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        StageSnapshotCodec.Write(bytes, snapshot);
        return bytes.WrittenMemory.ToArray();
    }
}
