using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.Kernel.Stages.Delivering;
using Pipeline.ModelChecking.Exploration;
using Pipeline.ModelChecking.Redefinition;

namespace Pipeline.ModelChecking.Delivering;

/// <summary>
/// A stage instance that reads, sends, says watermarks and writes checkpoints when the shipped <see
/// cref="StageDelivery"/> says so; targets and the checkpoint's register are atomic, their answers may be lost, and
/// another process may begin at any time while the ones before go on. Wrong is: a checkpoint that counts what its
/// targets do not hold; a watermark before the records it covers; an output twice; and where nothing happens any more,
/// an output, a watermark or a checkpoint that is missing.
/// </summary>
internal sealed class DeliveryWorld : IWorld<DeliveryWorld>
{
    private readonly DeliveryWorldOptions _options;
    private readonly Dictionary<UInt128, RunNode> _starts;
    private readonly WorldPartition _input;
    private readonly WorldPartition[] _targets;
    private readonly long[] _told;
    private readonly DeliveryProcess?[] _processes;
    private WorldRegister _register;
    private int _losses;
    private string? _violation;

    public DeliveryWorld(DeliveryWorldOptions options)
    {
        (_options, _starts, _losses) = (options, [], options.Losses);
        _input = new WorldPartition(options.Input);
        _targets = [.. Enumerable.Range(0, options.Outlets).Select(static _ => new WorldPartition())];
        _told = [.. Enumerable.Repeat(long.MinValue, options.Outlets)];
        _processes = new DeliveryProcess?[options.Processes];
        _register = new WorldRegister(StageCheckpoint.None, 0);
    }

    private DeliveryWorld(DeliveryWorld other)
    {
        (_options, _starts, _input, _losses) = (other._options, other._starts, other._input, other._losses);
        (_targets, _processes, _register) = ([.. other._targets], [.. other._processes], other._register);
        _told = [.. other._told];
    }

    public string? Violation => _violation ??= Array.Find(_processes, static process => process?.Failure is not null)
        ?.Failure ?? Unfinished();

    public void AddActions(List<int> actions)
    {
        for (var number = 0; number < _processes.Length; number++)
        {
            if (_processes[number] is not { } process)
            {
                Add(actions, DeliveryActionKind.Start, number);
                break;
            }

            if (!process.HasEnded)
            {
                AddSteps(actions, number, process);
            }
        }
    }

    public DeliveryWorld After(int action)
    {
        var next = new DeliveryWorld(this);
        next.Take(DeliveryAction.Of(action));
        return next;
    }

    public string Describe(int action)
    {
        var taken = DeliveryAction.Of(action);
        var text = $"process {taken.Process}: {taken.Kind}";
        return taken.Kind is DeliveryActionKind.Answer or DeliveryActionKind.Lose or DeliveryActionKind.Drop
            ? $"{text} {_processes[taken.Process]!.Asked[taken.Outlet]?.Effect.Kind} at {taken.Outlet}"
            : text;
    }

    public UInt128 Fingerprint()
    {
        var writer = new ByteWriter();
        writer.Int32(_losses);

        // How often the checkpoint was written matters to nobody but against the number that is written next.
        writer.Int64(_register.Value.Epoch.Value);
        writer.UInt128(Fingerprints.Of(_register.Value.Snapshot.Span));
        for (var outlet = 0; outlet < _targets.Length; outlet++)
        {
            writer.UInt128(_targets[outlet].Print);
            writer.Int64(_told[outlet]);
        }

        foreach (var process in _processes)
        {
            writer.Byte(process is null ? (byte)0 : (byte)1);
            process?.Encode(writer, _register.Value);
        }

        return Fingerprints.Of(writer.Written);
    }

    private static void Add(List<int> actions, DeliveryActionKind kind, int process, int outlet = 0) =>
        actions.Add(new DeliveryAction(kind, process, outlet).Code);

    private void AddSteps(List<int> actions, int number, DeliveryProcess process)
    {
        if (process.Node.NextOf(_input) >= 0)
        {
            Add(actions, DeliveryActionKind.Read, number);
        }

        Add(actions, DeliveryActionKind.Look, number);
        if (process.Wake != long.MaxValue)
        {
            Add(actions, DeliveryActionKind.Wake, number);
        }

        for (var outlet = 0; outlet < process.Asked.Length; outlet++)
        {
            if (process.Asked[outlet] is not null)
            {
                AddAnswers(
                    DeliveryActionKind.Answer, DeliveryActionKind.Lose, DeliveryActionKind.Drop, outlet);
            }
        }

        if (process.IsWriting)
        {
            AddAnswers(DeliveryActionKind.Write, DeliveryActionKind.LoseWrite, DeliveryActionKind.DropWrite, 0);
        }

        void AddAnswers(DeliveryActionKind done, DeliveryActionKind lost, DeliveryActionKind dropped, int outlet)
        {
            Add(actions, done, number, outlet);
            if (_losses > 0)
            {
                Add(actions, lost, number, outlet);
                Add(actions, dropped, number, outlet);
            }
        }
    }

    private void Take(DeliveryAction action)
    {
        if (action.Kind == DeliveryActionKind.Start)
        {
            _processes[action.Process] = Start(action.Process);
            return;
        }

        var process = _processes[action.Process]!.Clone();
        _processes[action.Process] = process;
        switch (action.Kind)
        {
            case DeliveryActionKind.Read:
                var number = process.Node.NextOf(_input);
                process.Read(process.Node.After(_input.Blocks[number], number));
                break;
            case DeliveryActionKind.Look:
                process.Look();
                break;
            case DeliveryActionKind.Wake:
                process.WakeUp();
                break;
            case DeliveryActionKind.Answer:
                var (reply, held) = Append(process, action.Outlet);
                process.Answer(action.Outlet, reply, held);
                break;
            case DeliveryActionKind.Lose:
                _losses--;
                Append(process, action.Outlet);
                process.Answer(action.Outlet, OutletReply.Unknown, Origin.None);
                break;
            case DeliveryActionKind.Drop:
                _losses--;
                process.Answer(action.Outlet, OutletReply.Unknown, Origin.None);
                break;
            case DeliveryActionKind.Write:
                process.Answer(Write(process));
                break;
            case DeliveryActionKind.LoseWrite:
                _losses--;
                Write(process);
                process.Answer(CheckpointReply.Unavailable);
                break;
            case DeliveryActionKind.DropWrite:
                _losses--;
                process.Answer(CheckpointReply.Unavailable);
                break;
        }
    }

    /// <summary>Takes the checkpoint over and opens all targets; that these are steps of their own is searched
    /// elsewhere.</summary>
    private DeliveryProcess Start(int number)
    {
        var term = _options.HasTerms ? number + 1 : 1;
        var taken = StageCheckpointRules.Activate(_register.Value, term)!;
        _register = new WorldRegister(taken, 1);
        var held = new Origin[_targets.Length];
        for (var outlet = 0; outlet < held.Length; outlet++)
        {
            (_targets[outlet], var reply) = _targets[outlet].Open(_options.Plan.Producer, term);
            held[outlet] = reply.Last;
        }

        var start = new RunStart(_options.Plan, 1, term, taken, held);
        if (!_starts.TryGetValue(start.Print, out var node))
        {
            _starts.Add(start.Print, node = RunNode.Begin(start));
        }

        return new DeliveryProcess(node, taken.Epoch, term, _options);
    }

    private (OutletReply Reply, Origin Held) Append(DeliveryProcess process, int outlet)
    {
        var (effect, node) = process.Asked[outlet]!.Value;
        var target = _targets[outlet];
        if (effect.Part is not { } part)
        {
            _violation ??= target.Peek(_options.Plan.Producer) < node.Last[outlet]
                ? $"target {outlet} gets a watermark before the records it covers"
                : null;
            _told[outlet] = Math.Max(_told[outlet], effect.Time);
            return (OutletReply.Held, Origin.None);
        }

        (_targets[outlet], var decision) = target.Append(part);
        var values = Values(outlet);
        _violation ??= values.Distinct().Count() < values.Count
            ? $"target {outlet} holds an output twice: [{string.Join(' ', values)}]"
            : null;
        return (WorldPartition.Shown(decision.Reply), decision.Last);
    }

    private CheckpointReply Write(DeliveryProcess process)
    {
        var node = process.Snapshot!;
        var written = new StageCheckpoint
        {
            Epoch = process.Epoch,
            Number = process.Number,
            Term = process.Term,
            Cursor = node.Cursor.Offset,
            Snapshot = node.Snapshot,
        };
        if (StageCheckpointRules.Write(_register.Value, written) is not { } value)
        {
            return CheckpointReply.Fenced;
        }

        _register = new WorldRegister(value, 1);
        for (var outlet = 0; outlet < _targets.Length; outlet++)
        {
            if (_targets[outlet].Peek(_options.Plan.Producer) < node.Last[outlet])
            {
                _violation ??= $"a checkpoint counts outputs that target {outlet} does not hold";
            }
        }

        return CheckpointReply.Written;
    }

    /// <summary>What is missing though the last process begun has read all and does nothing any more.</summary>
    private string? Unfinished()
    {
        if (Array.FindLast(_processes, static process => process is not null) is not { IsQuiet: true } process
            || process.Node.NextOf(_input) >= 0)
        {
            return null;
        }

        var looked = process.Clone();
        looked.Look();
        if (!looked.IsQuiet)
        {
            return null;
        }

        if (!_register.Value.Snapshot.Span.SequenceEqual(process.Node.Snapshot))
        {
            return "nothing happens any more, and the last checkpoint does not have all";
        }

        for (var outlet = 0; outlet < _targets.Length; outlet++)
        {
            if (_told[outlet] < process.Node.Watermarks[outlet])
            {
                return $"nothing happens any more, and target {outlet} was not told the watermark";
            }
        }

        var held = Enumerable.Range(0, _targets.Length).SelectMany(Values).Order(StringComparer.Ordinal).ToArray();
        return held.SequenceEqual(_options.Expected.Order(StringComparer.Ordinal))
            ? null
            : $"nothing happens any more, and the targets hold [{string.Join(' ', held)}]";
    }

    private List<string> Values(int outlet) => [.. _targets[outlet].Blocks.SelectMany(static block => block.Values())];
}
