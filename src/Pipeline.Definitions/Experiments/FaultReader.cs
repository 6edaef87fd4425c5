using System.Globalization;
using Pipeline.Definitions.Cases;

namespace Pipeline.Definitions.Experiments;

/// <summary>Reads <c>faults:</c>, each repetition as one.</summary>
internal sealed class FaultReader(DefinitionReading reading, ExperimentSystem system, ExperimentLoad load)
{
    private const string What = "A fault";

    private static readonly (string Name, FaultKind Kind)[] Kinds =
    [
        ("kill", FaultKind.Kill), ("stop", FaultKind.Stop), ("freeze", FaultKind.Freeze),
        ("restart-all", FaultKind.RestartAll), ("lose-store", FaultKind.LoseStore),
        ("replace-store", FaultKind.ReplaceStore), ("corrupt-store", FaultKind.CorruptStore),
    ];

    /// <summary>Faults that need more than processes and folders; they are not made yet.</summary>
    private static readonly string[] NotBuilt =
        ["slow-store", "full-disk", "cut-network", "clock-jump", "slow-database"];

    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(5);

    public IReadOnlyList<ExperimentFault> Read(FieldMap fields)
    {
        var faults = new List<ExperimentFault>();
        foreach (var node in fields.Has("faults")
            ? Lists.Of(reading, fields, "An experiment", "faults", ExperimentLimits.Faults) ?? []
            : [])
        {
            faults.AddRange(Each(node));
            if (faults.Count > ExperimentLimits.Faults)
            {
                reading.Errors.Add(node, $"That makes more than {ExperimentLimits.Faults} faults: lower 'times'.");
                break;
            }
        }

        return [.. faults.OrderBy(static fault => fault.At)];
    }

    private IEnumerable<ExperimentFault> Each(TextNode node)
    {
        if (FieldMap.Read(reading, node, What, "fault", "target", "at", "for", "every", "times") is not { } fields
            || fields.RequiredFixedText("fault", node.Position) is not { } name || KindOf(name) is not { } kind)
        {
            return [];
        }

        if (!fields.Has("at"))
        {
            reading.Errors.Add(node, $"{What} needs 'at': how long after the load began.");
            return [];
        }

        var (at, every) = (fields.Duration("at", TimeSpan.Zero), fields.Duration("every", TimeSpan.Zero));
        var times = fields.Integer("times", 1, ExperimentLimits.Faults)?.Value ?? 1;
        if (fields.Has("every") && !fields.Has("times"))
        {
            reading.Errors.Add(node, $"{What} with 'every' needs 'times': how often in all.");
            return [];
        }

        if (times > 1 && every <= TimeSpan.Zero)
        {
            reading.Errors.Add(node, $"{What} with 'times' needs 'every': how long after the one before.");
            return [];
        }

        if (at + (every * (times - 1)) > load.Time)
        {
            reading.Errors.Add(fields.KeyPosition("at"), $"{What} begins after the load has ended "
                + $"({load.Time.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s): raise 'time' of 'load', or "
                + "begin earlier.");
        }

        if (TargetOf(kind, fields, node) is not { } target)
        {
            return [];
        }

        var lasts = fields.Duration("for", Lasts);
        return Enumerable.Range(0, times).Select(time => new ExperimentFault(kind, target, at + (every * time), lasts));
    }

    private FaultKind? KindOf(Located<string> name)
    {
        if (Array.Find(Kinds, kind => kind.Name == name.Value) is { Name: not null } found)
        {
            return found.Kind;
        }

        var known = string.Join(", ", Kinds.Select(static kind => kind.Name));
        reading.Errors.Add(name.Position, NotBuilt.Contains(name.Value)
            ? $"'{name.Value}' is not built. There are: {known}."
            : $"There is no fault '{DefinitionErrors.Shown(name.Value, 40)}'."
                + $"{NameSuggestion.For(name.Value, [.. Kinds.Select(static kind => kind.Name)])} There are: {known}.");
        return null;
    }

    /// <summary>Null, and said, where there is no such process or store.</summary>
    private string? TargetOf(FaultKind kind, FieldMap fields, TextNode node)
    {
        if (kind == FaultKind.RestartAll)
        {
            if (fields.Has("target"))
            {
                reading.Errors.Add(fields.KeyPosition("target"), "'restart-all' is about all processes: no 'target'.");
            }

            return "";
        }

        string[] known = kind is FaultKind.LoseStore or FaultKind.ReplaceStore or FaultKind.CorruptStore
            ? [.. Enumerable.Range(0, system.Stores).Select(StoreName)]
            : system.Silos == 0
                ? [Host]
                :
                [
                    .. Enumerable.Range(1, system.Silos).Select(static silo => $"silo-{silo}"),
                    .. Enumerable.Range(1, system.Fronts).Select(static front => $"front-{front}"),
                ];
        var target = fields.FixedText("target");
        if (target is null && known.Length == 1)
        {
            return known[0];
        }

        if (target is null)
        {
            reading.Errors.Add(node, $"{What} needs 'target', one of {string.Join(", ", known)}.");
            return null;
        }

        if (!known.Contains(target.Value, StringComparer.Ordinal))
        {
            reading.Errors.Add(target.Position, $"There is no '{DefinitionErrors.Shown(target.Value, 40)}' to harm: "
                + $"'target' is one of {string.Join(", ", known)}.");
            return null;
        }

        return target.Value;
    }

    private const string Host = "host";

    private static string StoreName(int store) => $"{(char)('a' + store)}";
}
