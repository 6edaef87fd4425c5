namespace Pipeline.Replication.Records;

/// <summary>How an operation on a record ended.</summary>
public enum RecordStatus
{
    Done,

    /// <summary>Somebody else changed it: the outcome has what is there.</summary>
    Conflict,

    /// <summary>No majority of stores answered; a write may yet happen.</summary>
    Unavailable,
}

/// <summary>What there is: a value and its tag, or nothing.</summary>
public sealed record RecordOutcome(RecordStatus Status, string? Tag, ReadOnlyMemory<byte>? Value);
