namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// A definition file that has changed and was not applied, because it would drop what stages hold: the definition
/// before it goes on.
/// </summary>
/// <param name="File">Its name.</param>
/// <param name="Incarnation">The pipeline's when it was refused.</param>
/// <param name="Generation">The definition's that goes on.</param>
/// <param name="Lost">Stages that would lose their state.</param>
public sealed record RefusedFile(string File, long Incarnation, long Generation, IReadOnlyList<StageChange> Lost)
{
    /// <summary>For people: what to do.</summary>
    public string Detail
    {
        get
        {
            var stages = string.Join(", ", Lost.Select(static change => change.Stage));
            return $"It was not applied: what these stages hold between events would be dropped: {stages}. The "
                + "definition before it goes on. To have it dropped, write 'reset: [" + stages + "]' at the top of the "
                + "file and start again, or apply it with 'pipeline apply --reset'.";
        }
    }
}
