using Pipeline.Kernel.Identity;

namespace Pipeline.Definitions.Planning;

/// <summary>
/// Stages of several pipelines that feed each other in a circle, also by late events and dead letters: an event would
/// go round for ever, and neither pipeline could be deleted, since the other reads it.
/// </summary>
public static class StreamCircle
{
    /// <summary>
    /// The streams of a circle through a stage of one pipeline, in the order events take, the first once more at the
    /// end; null where there is none.
    /// </summary>
    public static IReadOnlyList<StreamName>? Find(IEnumerable<PipelinePlan> plans, string pipeline)
    {
        var edges = plans.SelectMany(plan => plan.Groups
            .SelectMany(stages => Outputs(plan, stages)
                .Select(output => (plan.Name, From: stages.Input, To: output)))
            .Concat(Refusals(plan))).ToList();
        var next = edges.ToLookup(static edge => edge.From, static edge => edge.To);
        foreach (var (_, from, to) in edges.Where(edge => edge.Name == pipeline))
        {
            if (Way(next, to, from) is { } way)
            {
                return [from, .. way];
            }
        }

        return null;
    }

    private static IEnumerable<StreamName> Outputs(PipelinePlan plan, GroupPlan stages)
    {
        var letters = PipelinePlan.DeadLetters(plan.Name);
        return stages.Nodes.SelectMany(static node => new[] { node.Output, node.Late }).OfType<StreamName>()
            .Concat(stages.Input == letters ? [] : [letters]);
    }

    /// <summary>What a sink's target refuses for good is a dead letter.</summary>
    private static IEnumerable<(string Name, StreamName From, StreamName To)> Refusals(PipelinePlan plan) =>
        plan.Sinks.Where(static sink => sink.Target.Refuses)
            .Select(sink => (plan.Name, sink.Input, PipelinePlan.DeadLetters(plan.Name)));

    /// <summary>The shortest way from one stream to another, both included; null: there is none.</summary>
    private static List<StreamName>? Way(ILookup<StreamName, StreamName> next, StreamName from, StreamName to)
    {
        var reachedFrom = new Dictionary<StreamName, StreamName?> { [from] = null };
        var waiting = new Queue<StreamName>([from]);
        while (waiting.TryDequeue(out var at))
        {
            if (at == to)
            {
                var way = new List<StreamName>();
                for (StreamName? step = at; step is { } reached; step = reachedFrom[reached])
                {
                    way.Add(reached);
                }

                way.Reverse();
                return way;
            }

            foreach (var further in next[at])
            {
                if (reachedFrom.TryAdd(further, at))
                {
                    waiting.Enqueue(further);
                }
            }
        }

        return null;
    }
}
