using Pipeline.Queries;
using Pipeline.Queries.Compilation;

namespace Pipeline.Definitions;

/// <summary>
/// Turns queries of more than one SELECT into stages: of the pipeline's own query each step and each output is one, of
/// a stage's query each step, <c>{stage}.{step}</c>. What is a chain in a stage's query stays one query.
/// </summary>
internal sealed class QueryStages(DefinitionErrors errors)
{
    /// <summary>Where results go that no INTO names.</summary>
    private const string DefaultOutput = "output";

    private readonly List<StageDefinition> _stages = [];

    /// <summary>Whether the pipeline's own query could not be read, so that stages are missing.</summary>
    private bool _isBroken;

    /// <summary>All stages, those of the pipeline's own query first.</summary>
    /// <param name="query">The pipeline's own query, or null.</param>
    /// <param name="hasQuery">Whether the pipeline has one, though it could perhaps not be read.</param>
    /// <param name="entries">What <c>stages:</c> says, of stages in the pipeline's query as well.</param>
    public IReadOnlyList<StageDefinition> Of(
        QueryText? query, bool hasQuery, IReadOnlyList<StageDefinition> entries)
    {
        _isBroken = hasQuery && query is null;
        if (query is not null)
        {
            AddPipeline(query, entries);
        }

        foreach (var entry in entries)
        {
            if (entry.Query is not null)
            {
                AddStage(entry, entry.Query);
            }
            else if (!entry.IsOfPipeline)
            {
                _stages.Add(entry);
            }
            else if (!_isBroken && _stages.TrueForAll(stage => stage.Name != entry.Name))
            {
                errors.Add(entry.Position, $"Stage '{entry.Name}' needs either 'query' or 'code': the pipeline's query "
                    + $"has no step and no INTO of this name.{NameSuggestion.For(entry.Name, Names)}");
            }
        }

        if (_stages.Sum(static stage => 1 + stage.Union.Count) > DefinitionLimits.Stages)
        {
            TooMany(_stages[^1].Position);
        }

        return _stages;
    }

    /// <summary>What a sink without <c>from</c> reads: the stage of its name.</summary>
    public Located<string>? SourceOf(string sink, TextPosition position)
    {
        var stages = _stages.Where(static stage => !stage.IsStep).Select(static stage => stage.Name).ToList();
        if (stages.Contains(sink))
        {
            return new Located<string>(sink, position);
        }

        if (!_isBroken)
        {
            errors.Add(position, $"Sink '{sink}' lacks the field 'from'" + (Names.Contains(sink)
                ? $": '{sink}' is a step; 'from: {sink}' reads what comes out of it."
                : $".{NameSuggestion.For(sink, stages)}"));
        }

        return null;
    }

    private void TooMany(TextPosition position) => errors.Add(position, $"A definition has at most "
        + $"{DefinitionLimits.Stages} stages, the SELECTs of its queries among them.");

    private static bool IsTooMany(QueryParts parts) =>
        parts.Parts.Sum(static part => part.Branches.Count) > DefinitionLimits.Stages;

    private IEnumerable<string> Names => _stages.Select(static stage => stage.Name);

    private void AddPipeline(QueryText text, IReadOnlyList<StageDefinition> entries)
    {
        var parts = QueryCompiler.Split(text.Text);
        Report(text, parts.Errors);
        _isBroken = parts.Errors.Count > 0 || IsTooMany(parts);
        if (IsTooMany(parts))
        {
            TooMany(text.Position);
            return;
        }

        foreach (var part in parts.Parts)
        {
            var name = part.Step ?? part.Into ?? DefaultOutput;
            var position = text.InFile(part.Line, part.Column);
            if (!DefinitionReader.IsName(name) || name == "dead-letters")
            {
                var why = name == "dead-letters" ? "that stream keeps the dead letters" : DefinitionReader.NameRule;
                var shown = DefinitionErrors.Shown(name, 80);
                errors.Add(position, $"'{shown}' is the name of a stage then, and cannot be: {why}.");
                continue;
            }

            var entry = entries.FirstOrDefault(entry => entry.Name == name);
            if (_stages.Exists(stage => stage.Name == name) || entry is { IsOfPipeline: false })
            {
                errors.Add(position, Twice(part, name, entry));
                continue;
            }

            _stages.Add(With(text, part, entry ?? new StageDefinition { Name = name, Position = position }));
        }
    }

    private string Twice(QueryPart part, string name, StageDefinition? entry) => entry is { IsOfPipeline: false }
        ? $"'{name}' is a stage of its own already: give this another name, or leave the stage's query out."
        : _stages.Exists(stage => stage.Name == name && stage.IsStep)
            ? $"'{name}' names a step already: an output needs another name, as both are stages."
            : part.Into is null && part.Step is null
                ? $"A second SELECT without INTO: it would be '{name}' too. INTO and a name gives it its own output, "
                    + "UNION between them makes them one."
                : $"A second INTO '{name}': UNION between both SELECTs makes them one output.";

    private void AddStage(StageDefinition entry, QueryText text)
    {
        var parts = QueryCompiler.Split(text.Text);
        if (parts.IsChain)
        {
            _stages.Add(entry);
            return;
        }

        if (IsTooMany(parts))
        {
            TooMany(text.Position);
        }

        Report(text, parts.Errors);
        if (!IsTooMany(parts) && parts.Errors.Count == 0 && IsOne(entry, text, parts.Parts))
        {
            AddSteps(entry, text, parts.Parts);
        }
        else
        {
            _stages.Add(entry);
        }
    }

    /// <summary>A stage has one result, and reads what its <c>from</c> says.</summary>
    private bool IsOne(StageDefinition entry, QueryText text, IReadOnlyList<QueryPart> parts)
    {
        var second = parts.Where(static part => part.Step is null).Skip(1).FirstOrDefault();
        if (second is not null)
        {
            errors.Add(text.InFile(second.Line, second.Column), "a second query: a stage has one result. The "
                + "pipeline's own 'query', beside 'stages', takes several SELECT … INTO");
        }

        if (entry.From is { } from && !parts.SelectMany(static part => part.Branches)
            .Any(branch => string.Equals(branch.Source, from.Value, StringComparison.OrdinalIgnoreCase)
                || string.Equals(branch.Joined, from.Value, StringComparison.OrdinalIgnoreCase)))
        {
            errors.Add(from.Position, $"Stage '{entry.Name}' says from '{from.Value}', its query has no FROM of that "
                + "name.");
        }

        return second is null;
    }

    private void AddSteps(StageDefinition entry, QueryText text, IReadOnlyList<QueryPart> parts)
    {
        var steps = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var step in parts.Where(static part => part.Step is not null))
        {
            steps[step.Step!] = $"{entry.Name}.{step.Step}";
        }

        foreach (var part in parts)
        {
            if (part.Step is null)
            {
                _stages.Add(With(text, part, entry with { From = null, Steps = steps }));
                continue;
            }

            var position = text.InFile(part.Line, part.Column);
            var isTaken = part.Step is "late" or "exchange" or "join";
            if (isTaken || !DefinitionReader.IsName(part.Step))
            {
                errors.Add(position, $"A step of stage '{entry.Name}' cannot be named "
                    + $"'{DefinitionErrors.Shown(part.Step, 80)}': it is a stage '{entry.Name}.{{step}}' then, "
                    + (isTaken ? "which the stage has already" : DefinitionReader.NameRule) + ".");
                continue;
            }

            _stages.Add(With(text, part, entry with
            {
                Name = steps[part.Step],
                Position = position,
                From = null,
                Key = null,
                Partitions = null,
                Materialize = false,
                Steps = steps,
            }));
        }
    }

    private static StageDefinition With(QueryText text, QueryPart part, StageDefinition stage) => stage with
    {
        Query = Text(text, part.Branches[0]),
        Union = [.. part.Branches.Skip(1).Select(branch => Text(text, branch))],
        IsStep = part.Step is not null,
        IsOfPipeline = false,
    };

    private static QueryText Text(QueryText text, QueryBranch branch) => text.Part(branch.Start, branch.End);

    private void Report(QueryText text, IReadOnlyList<QueryError> mistakes)
    {
        foreach (var mistake in mistakes.TakeWhile(_ => !errors.IsFull))
        {
            errors.Add(text.InFile(mistake.Line, mistake.Column), mistake.Message);
        }
    }
}
