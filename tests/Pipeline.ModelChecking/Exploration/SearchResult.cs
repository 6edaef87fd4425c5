namespace Pipeline.ModelChecking.Exploration;

/// <summary>What a search found.</summary>
/// <param name="States">Different states seen.</param>
/// <param name="Transitions">Actions tried.</param>
/// <param name="Depth">Actions on the longest shortest way to a state.</param>
/// <param name="IsComplete">Every reachable state was seen.</param>
/// <param name="Violation">The first violation; null: none.</param>
/// <param name="Schedule">One of the shortest ways to it, for people.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record SearchResult(
    int States,
    long Transitions,
    int Depth,
    bool IsComplete,
    string? Violation,
    IReadOnlyList<string> Schedule,
    TimeSpan Elapsed)
{
    public override string ToString() =>
        $"{States:N0} states, {Transitions:N0} transitions, depth {Depth}, {Elapsed.TotalSeconds:0.0} s, "
        + (Violation is not null ? "VIOLATION: " + Violation + string.Concat(Schedule.Select(static (line, at) =>
            $"\n  {at + 1,3}. {line}"))
            : IsComplete ? "complete, no violation" : "CUT OFF, no violation so far");
}
