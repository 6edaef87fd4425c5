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
                Kind = stage.Query is null ? "code" : "query",
                Definition = stage,
                FromName = stage.From?.Value ?? "",
            });
        }

        foreach (var stage in _definition.Stages)
        {
            Resolve(_sources.Stage(stage.Name)!);
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

        var plan = new PlanAssembly(_definition, _sources, _stages, _errors).Assemble();
        return _errors.Any ? new PlanningOutcome(null, _errors.Sorted) : new PlanningOutcome(plan, []);
    }

    /// <summary>Finds out what a stage reads; a query says it itself.</summary>
    private void Resolve(PlannedStage stage)
    {
        if (stage.Definition.Query is { } text)
        {
            var compilation = _sources.Compile(
                text.Text, null, stage.Definition.Lateness, isStrict: stage.Definition.IsStrict);
            Report(text, compilation);
            if (compilation.Query is not { } query)
            {
                return;
            }

            if (stage.Definition.From is { } from && from.Value != query.Source)
            {
                _errors.Add(
                    from.Position, $"Stage '{stage.Name}' says from '{from.Value}', its query FROM '{query.Source}'.");
            }

            stage.FromName = query.Source;
        }
        else
        {
            Known(stage.Definition.From!);
            Code(stage);
        }

        stage.From = _sources.Stage(stage.FromName);
        stage.FromStream = stage.From is null ? _sources.Stream(stage.FromName) : null;
    }

    private void Code(PlannedStage stage)
    {
        var code = stage.Definition.Code!;
        string? error = null;
        stage.Code = _world.Codes?.Find(
            code.Value, stage.Definition.Settings, stage.Definition.Key?.Value, out var version, out error);
        if (stage.Code is null)
        {
            var names = _world.Codes?.Names ?? [];
            _errors.Add(code.Position, (error is null ? null : stage.Definition.Shown(error))
                ?? $"There is no C# stage '{code.Value}'.{NameSuggestion.For(code.Value, names)}");
            return;
        }

        _ = _world.Codes!.Find(
            code.Value, stage.Definition.Settings, stage.Definition.Key?.Value, out version, out _);
        stage.CodeVersion = version;
    }

    private void Sinks()
    {
        foreach (var sink in _definition.Sinks)
        {
            Known(sink.From);
            if (_definition.Stages.Any(stage => stage.Name == sink.Name))
            {
                _errors.Add(sink.Position, $"'{sink.Name}' names both a stage and a sink.");
            }

            var other = _definition.Sinks.First(
                other => SinkPath.Plain(other.Files.Path) == SinkPath.Plain(sink.Files.Path));
            if (other != sink)
            {
                _errors.Add(sink.Position, $"Sinks '{other.Name}' and '{sink.Name}' write to one directory.");
            }
        }
    }

    private void Known(Located<string> from)
    {
        if (!_sources.Has(from.Value))
        {
            _errors.Add(from.Position, $"There is no stream or stage '{from.Value}'."
                + NameSuggestion.For(from.Value, _sources.Names));
        }
    }

    /// <summary>Stages after those they read; null where they go round in a circle.</summary>
    private List<PlannedStage>? InOrder()
    {
        var ordered = new List<PlannedStage>();
        foreach (var definition in _definition.Stages)
        {
            var path = new List<PlannedStage>();
            for (var stage = _sources.Stage(definition.Name); stage is not null; stage = stage.From)
            {
                if (path.Contains(stage))
                {
                    var circle = path.Append(stage).SkipWhile(s => s != stage).Select(s => s.Name).Reverse();
                    _errors.Add(stage.Definition.Position, $"Stages form a cycle: {string.Join(" → ", circle)}.");
                    return null;
                }

                path.Add(stage);
            }

            path.Reverse();
            ordered.AddRange(path.Where(stage => !ordered.Contains(stage)));
        }

        return ordered;
    }

    private void Compile(PlannedStage stage)
    {
        stage.Input = stage.From?.Output ?? Partitions.Of(stage.FromStream!);
        if (stage.Definition.Query is { } text)
        {
            var lateness = stage.Definition.Lateness;
            var most = stage.MaxEventBytes;
            var isStrict = stage.Definition.IsStrict;
            var first = _sources.Compile(text.Text, null, lateness, mostResultBytes: most, isStrict: isStrict);
            Report(text, first);
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
                : _sources.Compile(text.Text, key, lateness, stage.Definition.Key is null, most, isStrict);
            Report(text, keyed);
            stage.Query = keyed.Query;
        }

        if (!_errors.Any)
        {
            Partitions.Place(stage);
            stage.From?.Readers.Add(stage);
            _stages.Add(stage);
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

        _errors.Add(key.Position, $"Stage '{stage.Name}': its query has no column '{key.Value}' to be the key."
            + NameSuggestion.For(key.Value, columns));
        return false;
    }

    private void Report(QueryText text, QueryCompilation compilation)
    {
        if (compilation.Query is { Columns.Count: > DefinitionLimits.Columns and var columns })
        {
            _errors.Add(text.Position, $"The query has {columns} columns; at most {DefinitionLimits.Columns} are "
                + "possible.");
        }

        // A place in a long query takes its time to find.
        foreach (var error in compilation.Errors.TakeWhile(_ => !_errors.IsFull))
        {
            _errors.Add(text.InFile(error.Line, error.Column), error.Message);
        }
    }
}
