using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>
/// A pipeline whose definition changes while it runs: shipped stage machines and the shipped rules of target partitions
/// and checkpoints; logs, registers and the catalog are atomic. Processes that run instances, and processes that change
/// the definition, take their steps in any order, and each may stop at any of them, for good or for a while.
/// </summary>
internal sealed partial class RedefinitionWorld : IWorld<RedefinitionWorld>
{
    private readonly RedefinitionOptions _options;
    private readonly RedefinitionMemory _memory;
    private readonly WorldRegister[] _registers;
    private readonly WorldPartition[] _partitions;
    private readonly Activation?[] _runners;
    private readonly Changer?[] _changers;
    private readonly UInt128[] _prints;
    private WorldCatalog _catalog = WorldCatalog.First;
    private (int Text, long Layout, long Term) _unnamed = (-1, 0, 0);
    private int _resumes;
    private int _repeats;
    private UInt128? _durablePrint;
    private string? _violation;

    public RedefinitionWorld(RedefinitionOptions options)
    {
        _options = options;
        _memory = new RedefinitionMemory(options);
        (_resumes, _repeats) = (options.Resumes, options.Repeats);
        var registers = options.Texts.SelectMany(static text => text.Instances).Max(static plan => plan.Register) + 1;
        _registers = [.. Enumerable.Range(0, registers).Select(static _ => new WorldRegister(
            StageCheckpoint.None, Seeded))];
        _partitions = [.. options.Partitions.Select(static events => new WorldPartition(events))];
        _runners = new Activation?[options.Runners.Length];
        _changers = new Changer?[options.Changes.Length];
        _prints = new UInt128[_runners.Length + _changers.Length];
    }

    private RedefinitionWorld(RedefinitionWorld other)
    {
        (_options, _memory, _catalog, _unnamed) = (other._options, other._memory, other._catalog, other._unnamed);
        (_resumes, _repeats) = (other._resumes, other._repeats);
        _registers = [.. other._registers];
        _partitions = [.. other._partitions];
        _runners = [.. other._runners];
        _changers = [.. other._changers];
        _prints = [.. other._prints];
    }

    /// <summary>Wrong already, or wrong in the end if nobody disturbs it any more.</summary>
    public string? Violation
    {
        get => _violation ??= _memory.EndOf(DurablePrint(), () => new RedefinitionWorld(this).End());
        private set => _violation ??= value;
    }

    /// <summary>The text in force and where the entry stands, for who asks what was reached.</summary>
    public WorldCatalog Catalog => _catalog;

    public RedefinitionWorld After(int code)
    {
        var next = new RedefinitionWorld(this);
        next.Take(RedefinitionAction.Of(code));
        return next;
    }

    public string Describe(int code)
    {
        var action = RedefinitionAction.Of(code);
        var activation = action.Actor == RedefinitionActor.None ? null : Find(action);
        return $"{action.Actor} {action.Number} {Text(activation)}: {action.Kind} {action.Index} (text "
            + $"{_options.Texts[_catalog.Text].Name} term {_catalog.Term}; registers "
            + string.Join(", ", _registers.Select(static register =>
                $"epoch {register.Value.Epoch.Value} term {register.Value.Term} cursor {register.Value.Cursor}"))
            + "; " + string.Join(", ", _partitions.Skip(1).Select(static partition =>
                $"[{string.Join(' ', partition.Blocks.SelectMany(static block => block.Values()))}]")) + ")";
    }

    public UInt128 Fingerprint()
    {
        var writer = new ByteWriter();
        writer.UInt128(DurablePrint());
        writer.Int32(_resumes);
        writer.Int32(_repeats);
        writer.Int32(_unnamed.Text);
        writer.Int64(_unnamed.Term);
        foreach (var print in _prints)
        {
            writer.UInt128(print);
        }

        return Fingerprints.Of(writer.Written);
    }

    private static string Text(Activation? activation) => activation is null
        ? string.Empty
        : $"({activation.Plan.Name} of {activation.Plan.Register}, term {activation.Term})";

    /// <summary>What is there when all processes are gone.</summary>
    private UInt128 DurablePrint() => _durablePrint ??= MakeDurablePrint();

    private UInt128 MakeDurablePrint()
    {
        var writer = new ByteWriter();
        writer.Int32(_catalog.Text);
        writer.Int64(_catalog.Term);
        writer.Int64(_catalog.Layout);
        writer.Int64(_catalog.Next);
        writer.Int32(_catalog.Elsewhere);
        writer.Int64(_catalog.Mark);
        foreach (var register in _registers)
        {
            writer.UInt128(register.Print);
        }

        foreach (var partition in _partitions)
        {
            writer.UInt128(partition.Print);
        }

        return Fingerprints.Of(writer.Written);
    }

    private Activation? Find(RedefinitionAction action) => action.Actor switch
    {
        RedefinitionActor.Runner => _runners[action.Number],
        RedefinitionActor.Changer => _changers[action.Number]?.Cut,
        _ => _changers[action.Number]?.Stray,
    };

    private void Set(RedefinitionAction action, Activation activation)
    {
        if (action.Actor == RedefinitionActor.Runner)
        {
            SetRunner(action.Number, activation);
        }
        else if (action.Actor == RedefinitionActor.Stray)
        {
            SetChanger(action.Number, _changers[action.Number]! with { Stray = activation });
        }
        else if (activation.Phase == ActivationPhase.Ended)
        {
            // A cut that is refused or fenced: the change has failed.
            SetChanger(action.Number, _changers[action.Number]!.Over());
        }
        else
        {
            SetChanger(action.Number, _changers[action.Number]! with { Cut = activation });
        }
    }

    private void SetRunner(int number, Activation activation)
    {
        _runners[number] = activation;
        _prints[number] = activation.Print();
    }

    private void SetChanger(int number, Changer changer)
    {
        _changers[number] = changer;
        _prints[_runners.Length + number] = changer.Print();
    }
}
