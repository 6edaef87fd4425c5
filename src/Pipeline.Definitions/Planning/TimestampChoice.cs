using Pipeline.Kernel.Stages;

namespace Pipeline.Definitions.Planning;

/// <summary>The event time that a stage asks for, in terms of the stream at the root.</summary>
/// <param name="Path">Where it lies; null where it is an expression.</param>
/// <param name="Timestamp">Reads it.</param>
/// <param name="Stage">Who asks.</param>
internal sealed record TimestampChoice(string? Path, ITimestamp Timestamp, PlannedStage Stage)
{
    public bool Agrees(TimestampChoice other) =>
        ReferenceEquals(Timestamp, other.Timestamp)
        || (Path is not null && string.Equals(Path, other.Path, StringComparison.OrdinalIgnoreCase));
}
