using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Who reads streams that a change would take away.</summary>
internal static class StreamReaders
{
    /// <summary>
    /// Stages and sinks of other pipelines, as "pipeline.stage", that read outputs a new plan has not, and consumers,
    /// as "consumer name".
    /// </summary>
    public static IReadOnlyList<string> OfDropped(
        RunningPipeline? old,
        PipelinePlan plan,
        IEnumerable<RunningPipeline> others,
        ILookup<StreamName, string> consumers)
    {
        var stays = plan.Outputs.Select(static output => output.Stream.Name).Concat(plan.NotMaterialized).ToHashSet();
        var dropped = (old?.Plan?.Outputs ?? []).Select(static output => output.Stream.Name)
            .Where(name => !stays.Contains(name)).ToHashSet();
        return
        [
            .. Of(dropped, others),
            .. dropped.SelectMany(name => consumers[name]).Order(StringComparer.Ordinal)
                .Select(static name => $"consumer {name}"),
        ];
    }

    /// <summary>Stages and sinks, as "pipeline.stage", that read one of these streams.</summary>
    public static IReadOnlyList<string> Of(IReadOnlySet<StreamName> streams, IEnumerable<RunningPipeline> pipelines) =>
    [
        .. from pipeline in pipelines
           from reader in (pipeline.Plan?.Groups ?? []).Select(static stages => (stages.Name, stages.Input))
               .Concat((pipeline.Plan?.Sinks ?? []).Select(static sink => (sink.Name, sink.Input)))
           where streams.Contains(reader.Input)
           orderby pipeline.Entry.Name, reader.Name
           select $"{pipeline.Entry.Name}.{reader.Name}",
    ];
}
