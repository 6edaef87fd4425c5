namespace Pipeline.Simulation.Histories;

/// <summary>
/// One operation on a register whose value is the list of all ids ever appended to it, so that each value tells its
/// whole history (after Elle; Kingsbury and Alvaro, VLDB 2020).
/// </summary>
public sealed class RegisterOperation
{
    /// <summary>The id it appends; null: a read.</summary>
    public int? Appends { get; init; }

    /// <summary>When it was called, virtual ticks.</summary>
    public required long From { get; init; }

    /// <summary>When it was answered; null: never, or unknown.</summary>
    public long? To { get; set; }

    /// <summary>The value it was answered with.</summary>
    public IReadOnlyList<int> Value { get; set; } = [];
}
