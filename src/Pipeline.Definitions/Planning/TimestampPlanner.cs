namespace Pipeline.Definitions.Planning;

/// <summary>
/// Carries each TIMESTAMP BY back to the ingest stream it comes from, because watermarks begin there: through stages
/// that keep the value, and through those that repeat the column.
/// </summary>
internal sealed class TimestampPlanner(PlanSources sources, List<PlannedStage> stages, DefinitionErrors errors)
{
    private readonly Dictionary<PlannedStage, TimestampChoice> _choices = [];

    /// <summary>The event time of each group that reads an ingest stream, by its first stage.</summary>
    public Dictionary<PlannedStage, TimestampChoice> Choose()
    {
        foreach (var stage in stages.Where(stage => !stage.IsExchange && stage.Query?.Timestamp is not null))
        {
            if (Trace(stage) is { } found)
            {
                Add(found.Root, found.Choice);
            }
        }

        return _choices;
    }

    private void Add(PlannedStage root, TimestampChoice choice)
    {
        if (!_choices.TryGetValue(root, out var other))
        {
            _choices[root] = choice;
        }
        else if (!other.Agrees(choice))
        {
            errors.Add(choice.Stage.Definition.Position, $"Stages '{other.Stage.Shown}' and '{choice.Stage.Shown}' "
                + $"read '{root.Name}' by different times: give each its own way from the stream, or one TIMESTAMP "
                + "BY.");
        }
    }

    private (PlannedStage Root, TimestampChoice Choice)? Trace(PlannedStage stage)
    {
        var path = stage.Query!.TimestampPath;
        var isChanged = false;
        var at = stage;
        for (; at.From is { } from; at = from)
        {
            var before = path is null || from.IsExchange ? path : from.Query?.SourceOf(path);
            isChanged |= before != path;
            path = before;
            if ((path is null && !from.KeepsValue) || from.IsWindowed || from.Code is not null)
            {
                errors.Add(stage.Definition.Position, $"Stage '{stage.Shown}': its TIMESTAMP BY is computed by stage "
                    + $"'{from.Name}'. Write TIMESTAMP BY where the stream is read; what a window or a stage puts out "
                    + "has its time already (System.Timestamp()).");
                return null;
            }
        }

        if (at.FromStream is not { IsIngest: true })
        {
            errors.Add(stage.Definition.Position, $"Stage '{stage.Shown}': events of '{at.FromName}' have their time "
                + "already; TIMESTAMP BY is for streams that clients post to.");
            return null;
        }

        var timestamp = isChanged ? sources.TimeAt(at.FromName, path!) : stage.Query.Timestamp;
        return (at, new TimestampChoice(path, timestamp!, stage));
    }
}
