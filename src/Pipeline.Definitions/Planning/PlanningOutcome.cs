namespace Pipeline.Definitions.Planning;

/// <summary>A plan, or all mistakes of the definition.</summary>
public sealed record PlanningOutcome(PipelinePlan? Plan, IReadOnlyList<DefinitionError> Errors);
