using Pipeline.Definitions;
using Pipeline.Definitions.Planning;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// A new text of a pipeline, thought through against one version of the catalog: what the catalog becomes, and whose
/// layouts change. Pure: nothing is done yet.
/// </summary>
internal sealed class ChangeDraft
{
    private readonly List<DefinitionError> _conflicts = [];

    private ChangeDraft(CatalogState from) => From = from;

    /// <summary>The catalog that it was thought through against.</summary>
    public CatalogState From { get; }

    public required Terms Terms { get; init; }

    public required string Name { get; init; }

    public required DesiredState Before { get; init; }

    /// <summary>What should run when it is in force, but for gaps.</summary>
    public required DesiredState Next { get; init; }

    /// <summary>Pipelines that are there and whose layouts change.</summary>
    public required IReadOnlyList<string> Concerned { get; init; }

    /// <summary>Streams that it brings.</summary>
    public required IReadOnlyList<CatalogStream> Born { get; init; }

    /// <summary>What stands against it, also in other pipelines.</summary>
    public IReadOnlyList<DefinitionError> Conflicts => _conflicts;

    /// <param name="state">The catalog.</param>
    /// <param name="entry">The pipeline's entry with its new text; incarnation, term and layout are set here.</param>
    /// <param name="kept">Stages of other pipelines whose output it reads and that are not kept yet.</param>
    /// <param name="plan">Plans a pipeline of a catalog.</param>
    public static ChangeDraft Of(
        CatalogState state,
        CatalogPipeline entry,
        IReadOnlyList<(string Pipeline, string Stage)> kept,
        Func<CatalogState, CatalogPipeline, PlanningOutcome> plan)
    {
        var terms = new Terms(state.NextTerm);
        var old = state.Pipeline(entry.Name);
        var before = DesiredState.Of(state, plan);
        var wanted = entry with
        {
            Incarnation = old?.Incarnation ?? state.NextIncarnation,
            Term = terms.New,
            Layout = terms.New,
            Mark = terms.Mark,
        };
        var next = state with
        {
            Pipelines = [.. state.Pipelines.Where(other => other.Name != entry.Name)
                .Select(other => WithKept(other, kept))
                .Append(wanted).OrderBy(other => other.Name, StringComparer.Ordinal)],
        };
        var conflicts = new List<DefinitionError>();
        next = WithStreams(next, state.NextStream, plan, conflicts);
        var desired = DesiredState.Of(next, plan);
        var concerned = before.Pipelines.Where(was => desired.Find(was.Name) is { } now
            && (was.Name == entry.Name || Differs(was, now, conflicts))).Select(was => was.Name).ToList();
        next = next with
        {
            Pipelines = [.. next.Pipelines.Select(other => concerned.Contains(other.Name)
                ? other with { Term = terms.New, Layout = terms.New, Mark = terms.Mark }
                : other)],
        };
        var draft = new ChangeDraft(state)
        {
            Terms = terms,
            Name = entry.Name,
            Before = before,
            Next = DesiredState.Of(next, plan),
            Concerned = concerned,
            Born = [.. next.Streams.Where(stream => state.Streams.All(other => other.Id != stream.Id))],
        };
        draft._conflicts.AddRange(conflicts);
        var plans = draft.Next.Pipelines.Select(static pipeline => pipeline.Plan).OfType<PipelinePlan>();
        if (StreamCircle.Find(plans, entry.Name) is { } circle)
        {
            draft._conflicts.Add(new DefinitionError(
                1, 1, $"Pipelines would read each other in a circle: {string.Join(" > ", circle)}."));
        }

        return draft;
    }

    private static CatalogPipeline WithKept(CatalogPipeline entry, IReadOnlyList<(string Pipeline, string Stage)> kept)
    {
        var more = kept.Where(pair => pair.Pipeline == entry.Name).Select(pair => pair.Stage).ToList();
        return more.Count == 0
            ? entry
            : entry with { Kept = [.. entry.Kept.Union(more).Order(StringComparer.Ordinal)] };
    }

    /// <summary>With the streams that the plans ask for; each under a number that no stream ever had.</summary>
    private static CatalogState WithStreams(
        CatalogState state,
        long first,
        Func<CatalogState, CatalogPipeline, PlanningOutcome> plan,
        List<DefinitionError> conflicts)
    {
        foreach (var entry in state.Pipelines)
        {
            if (plan(state, entry).Plan is not { } found)
            {
                continue;
            }

            conflicts.AddRange(CatalogRules.Conflicts(state, found));
            var born = CatalogRules.Missing(state, found)
                .Select((definition, i) => new CatalogStream(first + i, definition)).ToList();
            first += born.Count;
            state = CatalogRules.With(state, entry, found, born);
        }

        return state with { NextStream = first };
    }

    private static bool Differs(DesiredPipeline was, DesiredPipeline now, List<DefinitionError> conflicts)
    {
        if (was.Plan is not null && now.Plan is null)
        {
            conflicts.AddRange(now.Errors.Select(error => new DefinitionError(
                1, 1, $"Pipeline '{was.Name}' could not go on: {error.Message}")));
        }

        return was.Plan is not null && now.Plan is not null && LayoutSignature.Of(was) != LayoutSignature.Of(now);
    }
}
