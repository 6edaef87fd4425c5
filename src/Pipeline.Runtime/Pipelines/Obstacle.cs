namespace Pipeline.Runtime.Pipelines;

/// <summary>Why a change did not come into force.</summary>
/// <param name="Status">Whether to try again, or what stands against it.</param>
/// <param name="Detail">For people.</param>
internal sealed record Obstacle(ApplyStatus Status, string Detail)
{
    /// <summary>Stages whose state it would drop.</summary>
    public IReadOnlyList<StageChange> Lost { get; init; } = [];

    public static readonly Obstacle NoMajority =
        new(ApplyStatus.Unavailable, "No majority of stores answered: nothing was changed; try again.");

    public static readonly Obstacle Unknown = new(
        ApplyStatus.OutcomeUnknown,
        "A majority of stores went away, or another process took over, meanwhile: it may be carried out yet. Look at "
        + "the pipeline, then try again.");

    public static readonly Obstacle TakenOver =
        new(ApplyStatus.Unavailable, "Another process keeps the pipelines now; try again there.");

    public static readonly Obstacle Overtaken =
        new(ApplyStatus.Unavailable, "The pipelines were changed at the same time; try again.");

    public static Obstacle StateWouldBeLost(IReadOnlyList<StageChange> lost) => new(
        ApplyStatus.StateWouldBeLost,
        "What these stages hold between events would be dropped: "
        + $"{string.Join(", ", lost.Select(static change => change.Stage))}. Nothing was changed.")
    {
        Lost = lost,
    };
}
