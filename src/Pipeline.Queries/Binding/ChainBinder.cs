using Pipeline.Queries.Compilation;
using Pipeline.Queries.Syntax;

namespace Pipeline.Queries.Binding;

/// <summary>
/// Checks the steps of WITH: each reads the one before it, the first a stream or stage. Only the last may have a
/// window, as only its lateness is the stage's.
/// </summary>
internal sealed class ChainBinder(IReadOnlyList<QuerySyntax> steps, QueryOptions options, ErrorList errors)
{
    /// <summary>Null where the text could not be read to its end, which is reported.</summary>
    public CompiledQuery? Bind()
    {
        if (steps.Any(step => step.IsCut))
        {
            return null;
        }

        CompiledQuery? chain = null;
        for (var i = 0; i < steps.Count; i++)
        {
            var isLast = i == steps.Count - 1;
            Check(i, isLast);
            var sources = chain is null || steps[i - 1].Name is not { } before
                ? options.Sources
                : new Dictionary<string, IReadOnlyList<string>?> { [before] = chain.Columns };
            var step = new QueryBinder(
                steps[i], isLast ? options with { Sources = sources } : WithoutKey(sources), errors);
            chain = chain is null ? step.Bind() : new ChainQuery(chain, step.Bind());
        }

        return chain;
    }

    private QueryOptions WithoutKey(IReadOnlyDictionary<string, IReadOnlyList<string>?> sources) =>
        new() { Sources = sources, MostResultBytes = options.MostResultBytes, IsStrict = options.IsStrict };

    private void Check(int index, bool isLast)
    {
        var step = steps[index];
        if (step.Name is { } name && steps.Take(index).Any(s => Same(s.Name, name)))
        {
            errors.Add(step.NameAt, $"a second step '{name}'");
        }

        if (!isLast && step.GroupBy is not null)
        {
            errors.Add(
                step.GroupByAt,
                "GROUP BY in a step that is not the last is not supported yet: make it a stage of its own");
        }

        if (!isLast && step.Into is not null)
        {
            errors.Add(step.IntoAt, "INTO belongs to the last SELECT: a step is no output");
        }

        if (index == 0)
        {
            return;
        }

        if (step.Timestamp is not null)
        {
            errors.Add(step.TimestampAt, "TIMESTAMP BY belongs to the first step, which reads the events");
        }

        if (step.Source is { } source && !Same(source, steps[index - 1].Name)
            && steps.Take(index - 1).Any(s => Same(s.Name, source)))
        {
            errors.Add(
                step.SourceAt,
                $"'{source}' is not the step before: steps that branch are not supported yet, make them stages");
        }
    }

    private static bool Same(string? one, string? other) =>
        one is not null && one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
