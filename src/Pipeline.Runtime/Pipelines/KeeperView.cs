using System.Collections.Frozen;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>What there is now; replaced whole, so that any thread may read it.</summary>
internal sealed record KeeperView
{
    public static readonly KeeperView Empty = Of(CatalogState.Empty, [], []);

    public required CatalogState State { get; init; }

    public required FrozenDictionary<StreamName, CatalogedStream> Streams { get; init; }

    public required FrozenDictionary<string, RunningPipeline> Pipelines { get; init; }

    /// <summary>Streams that stages of any pipeline read.</summary>
    public required FrozenSet<StreamName> StageInputs { get; init; }

    public required FrozenSet<StreamName> NotMaterialized { get; init; }

    public static KeeperView Of(
        CatalogState state,
        IReadOnlyCollection<CatalogedStream> streams,
        IReadOnlyCollection<RunningPipeline> pipelines)
    {
        var plans = pipelines.Where(pipeline => pipeline.Plan is not null).Select(pipeline => pipeline.Plan!).ToList();
        return new KeeperView
        {
            State = state,
            Streams = streams.ToFrozenDictionary(stream => stream.Name),
            Pipelines = pipelines.ToFrozenDictionary(pipeline => pipeline.Entry.Name),
            StageInputs = plans.SelectMany(plan => plan.Groups).Select(group => group.Input).ToFrozenSet(),
            NotMaterialized = plans.SelectMany(plan => plan.NotMaterialized).ToFrozenSet(),
        };
    }

    public IEnumerable<RunningInstance> Instances => Pipelines.Values.SelectMany(pipeline => pipeline.Instances);

    public KeeperView At(CatalogState state) => this with { State = state };
}
