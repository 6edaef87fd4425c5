using Pipeline.Queries.Compilation;

namespace Pipeline.Definitions.Planning;

/// <summary>Finds out what each stage reads, and puts what UNION and JOIN need before it.</summary>
internal sealed class StageResolver(PlanningWorld world, PlanSources sources, DefinitionErrors errors)
{
    /// <summary>Finds out what a stage reads; a query says it itself.</summary>
    public void Resolve(PlannedStage stage)
    {
        if (stage.IsUnion)
        {
            ResolveBranches(stage);
            return;
        }

        if (stage.Definition.Query is { } text)
        {
            if (First(stage.Definition, text) is not { } query)
            {
                return;
            }

            if (stage.Definition.From is { } from && from.Value != query.Source
                && !query.JoinSides.Any(side => side.Source == from.Value))
            {
                errors.Add(
                    from.Position, $"Stage '{stage.Name}' says from '{from.Value}', its query FROM '{query.Source}'.");
            }

            stage.FromName = query.Source;
            if (query.JoinSides.Count > 0)
            {
                ResolveJoin(stage, query.JoinSides);
                return;
            }
        }
        else
        {
            sources.Check(stage.Definition.From!, errors);
            Code(stage);
        }

        Attach(stage);
    }

    private void Attach(PlannedStage stage)
    {
        stage.From = sources.Stage(stage.Definition, stage.FromName);
        stage.FromStream = stage.From is null ? sources.Stream(stage.FromName) : null;
        stage.FromName = stage.From?.Name ?? stage.FromName;
    }

    /// <summary>A join reads one stream that the events of both its sources are brought to.</summary>
    private void ResolveJoin(PlannedStage stage, IReadOnlyList<JoinSideQuery> sides)
    {
        var name = $"{stage.Name}.join";
        var input = new PlannedStage
        {
            Name = name,
            Kind = "union",
            Definition = stage.Definition with { Key = null, Union = [] },
            FromName = "",
            IsJoinInput = true,
        };
        for (var i = 0; i < sides.Count; i++)
        {
            var side = new PlannedStage
            {
                Name = BranchName(input, sides[i].Source),
                Kind = "query",
                Definition = input.Definition,
                FromName = sides[i].Source,
                Union = input,
                JoinSide = i,
            };
            input.Branches.Add(side);
            Attach(side);
        }

        stage.From = input;
        stage.FromName = name;
    }

    /// <summary>
    /// The queries of a union, each named after what it reads, so that each goes on where it was when another comes or
    /// goes.
    /// </summary>
    private void ResolveBranches(PlannedStage union)
    {
        foreach (var text in union.Definition.Union.Prepend(union.Definition.Query!))
        {
            var source = First(union.Definition, text)?.Source;
            if (source is null)
            {
                continue;
            }

            var name = BranchName(union, source);
            var branch = new PlannedStage
            {
                Name = name,
                Kind = "query",
                Definition = union.Definition with { Name = name, Query = text, Union = [] },
                FromName = source,
                Union = union,
            };
            union.Branches.Add(branch);
            Resolve(branch);
        }
    }

    private static string BranchName(PlannedStage union, string source)
    {
        var name = $"{union.Name}.from.{source}";
        for (var i = 2; union.Branches.Exists(other => other.Name == name); i++)
        {
            name = $"{union.Name}.from.{source}-{i}";
        }

        return name;
    }

    /// <summary>What a query is before anything is known of its sources' columns.</summary>
    private CompiledQuery? First(StageDefinition stage, QueryText text)
    {
        var compilation = sources.Compile(
            text.Text, null, stage.Lateness, isStrict: stage.IsStrict, steps: stage.Steps);
        compilation.Report(text, errors);
        return compilation.Query;
    }

    private void Code(PlannedStage stage)
    {
        var code = stage.Definition.Code!;
        string? error = null;
        stage.Code = world.Codes?.Find(
            code.Value, stage.Definition.Settings, stage.Definition.Key?.Value, out var version, out error);
        if (stage.Code is null)
        {
            var names = world.Codes?.Names ?? [];
            errors.Add(code.Position, (error is null ? null : stage.Definition.Shown(error))
                ?? $"There is no C# stage '{code.Value}'.{NameSuggestion.For(code.Value, names)}");
            return;
        }

        _ = world.Codes!.Find(
            code.Value, stage.Definition.Settings, stage.Definition.Key?.Value, out version, out _);
        stage.CodeVersion = version;
    }
}
