using Pipeline.Definitions.Planning;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Where a plan runs a stage: alone, fused into its upstream's group, or behind an exchange of its own.
/// </summary>
/// <param name="Stage">The stage; a query of a union by its own name.</param>
/// <param name="Identity">What it is, whatever it is named: the stage it belongs to, what it reads, and the how-manyth
/// query of that stage it is that reads it.</param>
/// <param name="Home">The group that runs it.</param>
/// <param name="Node">It within that group.</param>
/// <param name="Entry">The group that reads the source for it: its own, or that of its exchange.</param>
/// <param name="Reader">The same where it begins with the stage or its exchange; null: fused.</param>
/// <param name="Second">The group that begins with it and reads its exchange; null: it has none.</param>
internal sealed record StageForm(
    string Stage,
    (string Stage, string Source, int Number) Identity,
    GroupPlan Home,
    NodePlan Node,
    GroupPlan Entry,
    GroupPlan? Reader,
    GroupPlan? Second)
{
    /// <summary>The stages of a plan in its order, exchanges left out, the queries of unions in their place.</summary>
    public static IReadOnlyList<StageForm> Of(PipelinePlan plan)
    {
        var nodes = plan.Graph.ToDictionary(static node => node.Name);
        var unions = plan.Graph.Where(static node => node.Kind == "union")
            .SelectMany(static node => node.Further.Prepend(node.From), static (node, query) => (node.Name, query))
            .ToDictionary(static pair => pair.query, static pair => pair.Name);
        var forms = new List<StageForm>();
        foreach (var (home, node) in plan.Groups.SelectMany(group => group.Nodes.Select(node => (group, node))))
        {
            var stage = node.Node.Name;
            if (nodes[stage] is { Kind: "exchange" })
            {
                continue;
            }

            var exchange = nodes.GetValueOrDefault($"{stage}.exchange");
            var (owner, source) = (unions.GetValueOrDefault(stage, stage), exchange?.From ?? nodes[stage].From);
            var number = forms.Count(form => form.Identity.Stage == owner && form.Identity.Source == source);
            forms.Add(new StageForm(
                stage,
                (owner, source, number),
                home,
                node,
                exchange is null ? home : plan.Groups.First(
                    group => group.Nodes.Any(other => other.Node.Name == exchange.Name)),
                plan.Groups.FirstOrDefault(group => group.Name == (exchange?.Name ?? stage)),
                exchange is null ? null : plan.Groups.First(group => group.Name == stage)));
        }

        return forms;
    }

    /// <summary>Some of a plan's stages, and all of it that they read, directly or through others.</summary>
    public static IReadOnlySet<StageForm> Upstream(IReadOnlyList<StageForm> all, IReadOnlyList<StageForm> some)
    {
        var found = some.ToHashSet();
        var next = new Queue<StageForm>(some);
        while (next.TryDequeue(out var form))
        {
            foreach (var source in all.Where(other => other.Identity.Stage == form.Identity.Source && found.Add(other)))
            {
                next.Enqueue(source);
            }
        }

        return found;
    }

    /// <summary>Whether an operator's state means the same in partition i of both.</summary>
    public static bool IsSpreadAlike(NodePlan left, NodePlan right) =>
        left.InputPartitions == right.InputPartitions && (left.InputPartitions == 1
            || string.Equals(left.InputKey, right.InputKey, StringComparison.OrdinalIgnoreCase));
}
