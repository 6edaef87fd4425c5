using Pipeline.Kernel.Identity;
using Pipeline.Queries.Compilation;

namespace Pipeline.Definitions.Planning;

/// <summary>
/// Makes the plan of a definition: resolves names, compiles queries, puts exchanges where a query gathers by something
/// its input is not partitioned by, fuses stages that need none between them, and says which outputs are kept.
/// </summary>
public sealed class PipelinePlanner
{
    private readonly PipelineDefinition _definition;
    private readonly PlanningWorld _world;
    private readonly PlanSources _sources;
    private readonly DefinitionErrors _errors = new();
    private readonly List<PlannedStage> _stages = [];

    private PipelinePlanner(PipelineDefinition definition, PlanningWorld world)
    {
        (_definition, _world) = (definition, world);
        _sources = new PlanSources(world, definition);
    }

    public static PlanningOutcome Plan(PipelineDefinition definition, PlanningWorld world) =>
        new PipelinePlanner(definition, world).Plan();

    private PlanningOutcome Plan()
    {
        foreach (var stage in _definition.Stages)
        {
            if (_definition.Streams.Any(declared => declared.Stream.Name.Value == stage.Name))
            {
                _errors.Add(stage.Position, $"'{stage.Name}' names both a stream and a stage.");
            }

            _sources.Add(new PlannedStage
            {
                Name = stage.Name,
                Kind = stage.Query is null ? "code" : stage.Union.Count > 0 ? "union" : "query",
                Definition = stage,
                FromName = stage.From?.Value ?? "",
            });
        }

        var resolver = new StageResolver(_world, _sources, _errors);
        foreach (var stage in _definition.Stages)
        {
            resolver.Resolve(_sources.Stage(stage.Name)!);
        }

        Sinks();
        if (!_errors.Any && InOrder() is { } ordered)
        {
            foreach (var stage in ordered)
            {
                Compile(stage);
            }
        }

        if (_errors.Any)
        {
            return new PlanningOutcome(null, _errors.Sorted);
        }

        DropUnread();
        var plan = new PlanAssembly(_definition, _sources, _stages, _errors).Assemble();
        return _errors.Any ? new PlanningOutcome(null, _errors.Sorted) : new PlanningOutcome(plan, []);
    }

    private void Sinks()
    {
        foreach (var sink in _definition.Sinks)
        {
            _sources.Check(sink.From, _errors);
            if (sink.From.Value != sink.Name && _definition.Stages.Any(stage => stage.Name == sink.Name))
            {
                _errors.Add(sink.Position, $"'{sink.Name}' names both a stage and a sink. A sink without 'from' reads "
                    + "the stage of its name.");
            }

            if (sink.Target is FileTarget files
                && _definition.Sinks.First(other => other.Target is FileTarget others
                    && Place(others) == Place(files)) is var other && other != sink)
            {
                _errors.Add(sink.Position, $"Sinks '{other.Name}' and '{sink.Name}' write to one directory.");
            }
        }
    }

    private static (string? Container, string Path) Place(FileTarget target) =>
        ((target as BlobSinkDefinition)?.Container, SinkPath.Plain(target.Path));

    /// <summary>Stages after those they read; null where they go round in a circle.</summary>
    private List<PlannedStage>? InOrder()
    {
        var ordered = new List<PlannedStage>();
        return _definition.Stages.All(stage => TryAdd(_sources.Stage(stage.Name)!, [], ordered)) ? ordered : null;
    }

    private bool TryAdd(PlannedStage stage, List<PlannedStage> path, List<PlannedStage> ordered)
    {
        if (path.Contains(stage))
        {
            var circle = path.Append(stage).SkipWhile(s => s != stage)
                .Where(static s => s.Union is null && !s.IsJoinInput)
                .Select(s => s.Name).Reverse();
            _errors.Add(stage.Definition.Position, $"Stages form a cycle: {string.Join(" → ", circle)}.");
            return false;
        }

        if (ordered.Contains(stage))
        {
            return true;
        }

        path.Add(stage);
        if (!stage.Sources.All(source => TryAdd(source, path, ordered)))
        {
            return false;
        }

        path.Remove(stage);
        ordered.Add(stage);
        return true;
    }

    private void Compile(PlannedStage stage)
    {
        if (stage.IsUnion)
        {
            Unite(stage);
            return;
        }

        if (!StreamName.IsValid($"{_definition.Name}.{stage.Name}.exchange"))
        {
            _errors.Add(stage.Definition.Position, $"The name '{_definition.Name}.{stage.Name}' is too long: "
                + "it has those of its step and of what it reads in it.");
            return;
        }

        stage.Input = stage.From?.Output ?? Partitions.Of(stage.FromStream!);
        if (stage.Definition.Query is { } text)
        {
            var lateness = stage.Definition.Lateness;
            var most = stage.MaxEventBytes;
            var isStrict = stage.Definition.IsStrict;
            var steps = stage.Definition.Steps;
            var first = _sources.Compile(
                text.Text, null, lateness, mostResultBytes: most, isStrict: isStrict, steps: steps);
            if (stage.JoinSide is { } side)
            {
                // What is wrong with the query is said of the join itself.
                CompileSide(stage, side, first.Query);
                return;
            }

            first.Report(text, _errors);
            if (first.Query is not { } query || !HasKey(stage, query))
            {
                return;
            }

            if (query.Gathers is { } paths && !stage.Input.Gathers(paths))
            {
                Exchange(stage, paths);
            }

            // Without GROUP BY an output keeps its event's key; a group's key is the column that repeats the input's.
            var key = stage.Definition.Key?.Value
                ?? (query.GroupBy is null ? null : Partitions.KeyColumn(query, stage.Input));
            var keyed = key is null
                ? first
                : _sources.Compile(text.Text, key, lateness, stage.Definition.Key is null, most, isStrict, steps);
            keyed.Report(text, _errors);
            stage.Query = keyed.Query;
        }

        stage.Copies = stage.IsWindowed ? 1 : stage.From?.Copies ?? 1;
        Place(stage);
    }

    private void Place(PlannedStage stage)
    {
        if (!_errors.Any)
        {
            Partitions.Place(stage);
            stage.From?.Readers.Add(stage);
            _stages.Add(stage);
        }
    }

    /// <summary>Null: the query is wrong.</summary>
    private void CompileSide(PlannedStage stage, int side, CompiledQuery? query)
    {
        if (query is not null)
        {
            stage.Query = query.JoinSides[side];
            stage.HasAllRows = query.Gathers?.Contains(JoinSideQuery.Key) == false;
            stage.Copies = stage.From?.Copies ?? 1;
            Place(stage);
        }
    }

    /// <summary>Its queries are checked: they must agree in their columns.</summary>
    private void Unite(PlannedStage union)
    {
        var columns = union.Branches[0].Columns;
        foreach (var branch in union.Branches.Where(branch => columns is not null && branch.Columns is not null
            && !columns.SequenceEqual(branch.Columns)))
        {
            _errors.Add(branch.Definition.Query!.Position, "The SELECTs of a UNION need the same columns in the same "
                + $"order: this one has {string.Join(", ", branch.Columns!)}, the first one "
                + $"{string.Join(", ", columns!)}. AS gives a column its name.");
        }

        union.Copies = Math.Min(union.Branches.Sum(static branch => branch.Copies), 2 * DefinitionLimits.Copies);
        if (union.Copies > DefinitionLimits.Copies
            && union.Branches.TrueForAll(static branch => branch.Copies <= DefinitionLimits.Copies))
        {
            _errors.Add(
                union.Definition.Position,
                $"An event may become {union.Copies} rows of '{union.Name}', by UNIONs of what is a UNION of the same; "
                + $"at most {DefinitionLimits.Copies} are possible.");
        }

        if (!_errors.Any)
        {
            Partitions.Unite(union);
            union.IsMaterialized = true;
            _stages.Add(union);
        }
    }

    /// <summary>Steps that nothing reads are checked, and do not run.</summary>
    private void DropUnread()
    {
        for (var i = _stages.Count - 1; i >= 0; i--)
        {
            var stage = _stages[i];
            var isWanted = stage.Union is { } union
                ? _stages.Contains(union)
                : stage.Readers.Count > 0 || !(stage.IsExchange || stage.Definition.IsStep)
                    || (!stage.IsExchange && (stage.Definition.Materialize || _sources.IsKept(stage)
                        || _definition.Sinks.Any(sink => sink.From.Value == stage.Name)));
            if (!isWanted)
            {
                stage.From?.Readers.Remove(stage);
                _stages.RemoveAt(i);
            }
        }
    }

    private void Exchange(PlannedStage stage, IReadOnlyList<string> groupBy)
    {
        var key = groupBy.Count == 0 ? null : groupBy[0];
        var count = key is null ? 1 : stage.Definition.Partitions?.Value ?? stage.Input.Partitions;
        var exchange = new PlannedStage
        {
            Name = $"{stage.Name}.exchange",
            Kind = "exchange",
            Definition = stage.Definition,
            FromName = stage.FromName,
            From = stage.From,
            FromStream = stage.FromStream,
            Input = stage.Input,
            Output = new Partitioning(key, count),
            IsMaterialized = true,
            Copies = stage.From?.Copies ?? 1,
            Query = _sources.Rekey(stage.FromName, key, stage.MaxEventBytes),
        };
        exchange.From?.Readers.Add(exchange);
        _stages.Add(exchange);
        stage.From = exchange;
        stage.FromStream = null;
        stage.Input = exchange.Output;
    }

    private bool HasKey(PlannedStage stage, CompiledQuery query)
    {
        if (stage.Definition.Key is not { } key || query.Columns is not { } columns
            || columns.Contains(key.Value.Split('.')[0], StringComparer.OrdinalIgnoreCase))
        {
            return true;
        }

        var name = stage.Union?.Name ?? stage.Name;
        _errors.Add(key.Position, $"Stage '{name}': its query has no column '{key.Value}' to be the key."
            + NameSuggestion.For(key.Value, columns));
        return false;
    }
}
