using Pipeline.Definitions;
using Pipeline.Definitions.Planning;
using Pipeline.Processing.Instances;

namespace Pipeline.Runtime.Pipelines;

/// <summary>One pipeline as GET /v1/pipelines/{name} shows it.</summary>
public sealed record PipelineStatus
{
    public required string Name { get; init; }

    /// <summary>Differs for each pipeline ever created, also under the same name.</summary>
    public required long Incarnation { get; init; }

    /// <summary>Rises with every change of the definition, from 1.</summary>
    public required long Generation { get; init; }

    public required bool IsPaused { get; init; }

    /// <summary>The text as it was applied.</summary>
    public required string Definition { get; init; }

    public required string MediaType { get; init; }

    /// <summary>Stages in the order of the plan: what reads what.</summary>
    public required IReadOnlyList<StageGraphNode> Graph { get; init; }

    /// <summary>Stage and sink instances.</summary>
    public required IReadOnlyList<StageInstanceStatus> Instances { get; init; }

    /// <summary>
    /// The worst of its instances; failed where nothing of it can run, running where it has none.
    /// </summary>
    public StageInstanceState State => IsPaused
        ? StageInstanceState.Paused
        : Errors.Count > 0
            ? StageInstanceState.Failed
            : Instances.Select(static instance => instance.State).OrderByDescending(Badness)
                .FirstOrDefault(StageInstanceState.Running);

    /// <summary>Why nothing of it runs here, as after a variable it uses was unset; empty where it is well.</summary>
    public IReadOnlyList<DefinitionError> Errors { get; init; } = [];

    /// <summary>Its file, where that has changed and was not applied; null: it is in force, or there is none.</summary>
    public RefusedFile? Refused { get; init; }

    private static int Badness(StageInstanceState state) => state switch
    {
        StageInstanceState.Failed => 6,
        StageInstanceState.Unowned => 5,
        StageInstanceState.Blocked => 4,
        StageInstanceState.Fenced or StageInstanceState.Starting => 3,
        StageInstanceState.Paused => 2,
        StageInstanceState.CatchingUp => 1,
        _ => 0,
    };
}
