namespace Pipeline.ModelChecking.Redefinition;

/// <summary>How a state ends if from now on one process alone does what is to be done.</summary>
internal sealed partial class RedefinitionWorld
{
    /// <summary>Runs the text in force to the end of its input; null: each event was processed exactly once.</summary>
    private string? End()
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            if (Array.TrueForAll(_options.Texts[_catalog.Text].Instances, RunToTheEnd))
            {
                return _violation is { } violation ? "in the end " + violation : Missing();
            }

            if (_violation is { } failure)
            {
                return "in the end " + failure;
            }

            if (_options.Has(RedefinitionFlaws.NeverResume))
            {
                break;
            }

            _catalog = Resumed();
        }

        return $"nobody can run the text in force, {_options.Texts[_catalog.Text].Name} of term {_catalog.Term}";
    }

    private bool RunToTheEnd(InstancePlan plan)
    {
        var term = _unnamed.Text == _catalog.Text ? Math.Max(_unnamed.Term, _catalog.Term) : _catalog.Term;
        var activation = Activate(new Activation(plan, _catalog.Layout, term));
        while (activation.Phase == ActivationPhase.Opening)
        {
            activation = Open(activation, isCut: false);
        }

        while (activation.Phase == ActivationPhase.Running && _violation is null)
        {
            if (activation.Saved is null && !MaySend(activation))
            {
                activation = Write(activation with { Saving = activation.Node });
                continue;
            }

            if (activation.Node!.NextOf(_partitions[plan.Input]) >= 0)
            {
                activation = Read(activation);
                continue;
            }

            var outlet = Enumerable.Range(0, activation.Sent.Length)
                .FirstOrDefault(outlet => activation.Sent[outlet] < activation.Node.Parts[outlet].Count, -1);
            if (outlet >= 0)
            {
                activation = Send(activation, outlet);
                continue;
            }

            return Write(activation with { Saving = activation.Node }).Phase == ActivationPhase.Running;
        }

        return false;
    }

    private string? Missing()
    {
        var written = _options.Texts[_catalog.Text].Instances.SelectMany(static plan => plan.Targets)
            .Select(static target => target.Stream).ToHashSet();
        var exact = _options.Expected.Where(pair => _options.IsExact && written.Contains(pair.Key));
        foreach (var (stream, expected) in exact)
        {
            var held = Values(stream).Select(Untagged).Order(StringComparer.Ordinal);
            if (!held.SequenceEqual(expected.Order(StringComparer.Ordinal)))
            {
                return $"in the end stream {stream} holds [{string.Join(' ', Values(stream))}], not "
                    + $"[{string.Join(' ', expected)}]";
            }
        }

        if (_options.Optional is not var (optional, like, tags))
        {
            return null;
        }

        var there = Values(optional).Order(StringComparer.Ordinal);
        var wanted = Values(like).Where(value => tags.Contains(value[^1])).Order(StringComparer.Ordinal);
        return there.SequenceEqual(wanted)
            ? null
            : $"in the end stream {optional} holds [{string.Join(' ', Values(optional))}] beside "
                + $"[{string.Join(' ', Values(like))}]";
    }

    /// <summary>What a partition got last lies in a partition of its stream already.</summary>
    private string? Repeated(int partition)
    {
        var (stream, _, _) = Array.Find(_options.Streams, candidate =>
            candidate.First <= partition && partition < candidate.First + candidate.Count);
        var seen = new HashSet<string>();
        return Values(stream).Find(value => !seen.Add(value.Split('@', '/')[0])) is { } twice
            ? $"{twice} lies twice in stream {stream}: [{string.Join(' ', Values(stream))}]"
            : null;
    }

    private List<string> Values(long stream)
    {
        var (_, first, count) = Array.Find(_options.Streams, candidate => candidate.Stream == stream);
        return [.. _partitions[first..(first + count)].SelectMany(static partition => partition.Blocks)
            .SelectMany(static block => block.Values())];
    }

    private static string Untagged(string value) => value.Split('@')[0];
}
