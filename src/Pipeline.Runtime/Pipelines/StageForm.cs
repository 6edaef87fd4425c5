using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Where a plan runs a stage: alone, fused into its upstream's group, or behind an exchange of its own.
/// </summary>
/// <param name="Stage">The stage.</param>
/// <param name="Source">What it reads, as its definition says: a stream or a stage.</param>
/// <param name="Home">The group that runs it.</param>
/// <param name="Node">It within that group.</param>
/// <param name="Reader">The group that begins with it or with its exchange and reads the source; null: fused.</param>
/// <param name="Second">The group that begins with it and reads its exchange; null: it has none.</param>
internal sealed record StageForm(
    string Stage, string Source, GroupPlan Home, NodePlan Node, GroupPlan? Reader, GroupPlan? Second)
{
    /// <summary>The stages of a plan in its order, exchanges left out.</summary>
    public static IReadOnlyList<StageForm> Of(PipelinePlan plan)
    {
        var nodes = plan.Graph.ToDictionary(static node => node.Name);
        var forms = new List<StageForm>();
        foreach (var (home, node) in plan.Groups.SelectMany(group => group.Nodes.Select(node => (group, node))))
        {
            var stage = node.Node.Name;
            if (nodes[stage] is { Kind: "exchange" })
            {
                continue;
            }

            var exchange = nodes.GetValueOrDefault($"{stage}.exchange");
            forms.Add(new StageForm(
                stage,
                exchange?.From ?? nodes[stage].From,
                home,
                node,
                plan.Groups.FirstOrDefault(group => group.Name == (exchange?.Name ?? stage)),
                exchange is null ? null : plan.Groups.First(group => group.Name == stage)));
        }

        return forms;
    }

    /// <summary>Whether an operator's state means the same in partition i of both.</summary>
    public static bool IsSpreadAlike(NodePlan left, NodePlan right) =>
        left.InputPartitions == right.InputPartitions && (left.InputPartitions == 1
            || string.Equals(left.InputKey, right.InputKey, StringComparison.OrdinalIgnoreCase));

    /// <summary>The stream that a reader of the source reads.</summary>
    public StreamName? SourceStream => Reader?.Input;
}
