using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Stages;
using Pipeline.Kernel.Stages.Delivering;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>The steps of an activation.</summary>
internal sealed partial class RedefinitionWorld
{
    private Activation Step(RedefinitionAction action, Activation activation)
    {
        var isCut = action.Actor != RedefinitionActor.Runner;
        return action.Kind switch
        {
            RedefinitionActionKind.Activate => Activate(activation),
            RedefinitionActionKind.Open => Open(activation, isCut),
            RedefinitionActionKind.Read => Read(activation),
            RedefinitionActionKind.Send => Send(activation, action.Index),
            RedefinitionActionKind.Save => activation with { Saving = activation.Node },
            _ => Write(activation with { Saving = activation.Saving ?? activation.Node }),
        };
    }

    private Activation Activate(Activation activation)
    {
        var register = _registers[activation.Plan.Register];
        var term = _options.Has(RedefinitionFlaws.ActivateLower)
            ? Math.Max(activation.Term, register.Value.Term)
            : activation.Term;
        var taken = StageCheckpointRules.Activate(register.Value, term)
            ?? (_options.Has(RedefinitionFlaws.IgnoreTerm)
                ? StageCheckpointRules.Activate(register.Value, register.Value.Term)
                : null);
        if (taken is null)
        {
            return activation.Ended();
        }

        var loaded = new WorldRegister(taken, register.Layout);
        _registers[activation.Plan.Register] = loaded;
        return activation with
        {
            Term = term,
            Phase = ActivationPhase.Opening,
            Epoch = taken.Epoch,
            Loaded = loaded,
        };
    }

    private Activation Open(Activation activation, bool isCut)
    {
        var target = TargetOf(activation.Plan, activation.Held.Length);
        var (after, reply) = _partitions[target].Open(activation.Plan.Producer, activation.Term);
        if (reply.Reply == LogReply.ProducerFenced)
        {
            return activation.Ended();
        }

        if (!isCut || !_options.Has(RedefinitionFlaws.CutWithoutOpening))
        {
            _partitions[target] = after;
        }

        var opened = activation with { Held = [.. activation.Held, reply.Last] };
        if (opened.Held.Length < OutletsOf(activation.Plan))
        {
            return opened;
        }

        if (opened.Node is null)
        {
            var node = _memory.Begin(opened);
            var failure = node.Failure ?? (_options.Has(RedefinitionFlaws.BeginAnywhere) ? null : Unclean(opened));
            if (failure is not null && _registers[activation.Plan.Register].Value.Epoch != activation.Epoch)
            {
                // What the targets hold is another activation's: before it fails, it asks the register.
                return opened.Ended();
            }

            Violation = failure is null ? null : $"an instance fails: {failure}";
            opened = opened with
            {
                Node = node,
                Sent = new int[opened.Held.Length],
                Saved = IsOwn(opened) ? node : null,
            };
        }

        return opened with { Phase = ActivationPhase.Running };
    }

    private static int OutletsOf(InstancePlan plan) => plan.Targets.Sum(static target => target.Partitions);

    /// <summary>
    /// A layout that did not make the checkpoint begins only where the targets hold no more than it counts.
    /// </summary>
    private static string? Unclean(Activation activation)
    {
        var loaded = activation.Loaded!;
        if (IsOwn(activation))
        {
            return null;
        }

        var position = RunNode.PositionOf(loaded.Snapshot!);
        foreach (var held in activation.Held)
        {
            if (held > position && (loaded.Layout != Seeded || held.Offset > position.Offset))
            {
                return $"layout {activation.Layout} begins at a checkpoint of layout {loaded.Layout} that ends at "
                    + $"({position.Offset}, {position.Ordinal}); a target holds ({held.Offset}, {held.Ordinal})";
            }
        }

        return null;
    }

    /// <summary>Whether what it loaded was made by its own layout, or is nothing.</summary>
    private static bool IsOwn(Activation activation) =>
        activation.Loaded!.Snapshot is null || activation.Loaded.Layout == activation.Layout;

    private Activation Read(Activation activation)
    {
        var input = _partitions[activation.Plan.Input];
        var number = activation.Node!.NextOf(input);
        var node = activation.Node.After(input.Blocks[number], number);
        Violation = node.Failure is { } failure ? $"an instance fails: {failure}" : null;
        return activation with { Node = node };
    }

    private Activation Send(Activation activation, int outlet)
    {
        var target = TargetOf(activation.Plan, outlet);
        var part = activation.Node!.Parts[outlet][activation.Sent[outlet]];
        var sent = part with { Header = part.Header with { Sequence = activation.Term } };
        var (after, reply) = _partitions[target].Append(sent);
        switch (PartVerdicts.Of(WorldPartition.Shown(reply.Reply), reply.Last, activation.Committed(outlet), part))
        {
            case PartVerdict.Fenced:
                return activation.Ended();
            case not PartVerdict.Committed:
                Violation = $"an instance fails: partition {target} holds its outputs through ({reply.Last.Offset}, "
                    + $"{reply.Last.Ordinal}), the next ones follow ({part.Header.Previous.Offset}, "
                    + $"{part.Header.Previous.Ordinal})";
                return activation.Ended();
        }

        if (reply.Reply == LogReply.Appended)
        {
            _partitions[target] = after;
            Violation = Repeated(target);
        }

        var counts = (int[])activation.Sent.Clone();
        counts[outlet]++;
        return activation with { Sent = counts };
    }

    /// <summary>Writes the checkpoint, with its term; none where there is nothing that it does not have.</summary>
    private Activation Write(Activation activation)
    {
        var node = activation.Saving!;
        if (node == activation.Saved)
        {
            return activation with { Saving = null };
        }

        var written = new StageCheckpoint
        {
            Epoch = activation.Epoch,
            Number = activation.Number + 1,
            Term = activation.Term,
            Cursor = node.Cursor.Offset,
            Snapshot = node.Snapshot,
        };
        var register = _registers[activation.Plan.Register];
        if (_options.Has(RedefinitionFlaws.IgnoreTerm))
        {
            written = written with { Term = Math.Max(written.Term, register.Value.Term) };
        }

        if (StageCheckpointRules.Write(register.Value, written) is not { } value)
        {
            return activation.Ended();
        }

        _registers[activation.Plan.Register] = new WorldRegister(value, activation.Layout);
        for (var outlet = 0; outlet < activation.Sent.Length; outlet++)
        {
            var target = TargetOf(activation.Plan, outlet);
            Violation = _partitions[target].Peek(activation.Plan.Producer) < node.Last[outlet]
                ? $"a checkpoint counts outputs that partition {target} does not hold"
                : null;
        }

        return activation with { Number = activation.Number + 1, Saving = null, Saved = node };
    }

    private int TargetOf(InstancePlan plan, int outlet)
    {
        foreach (var target in plan.Targets)
        {
            if (outlet < target.Partitions)
            {
                return _options.PartitionOf(target.Stream, outlet);
            }

            outlet -= target.Partitions;
        }

        throw new InvalidOperationException("no such outlet");
    }
}
