namespace Pipeline.Replication.Records;

/// <summary>
/// Small named values on a majority of the stores, each changed only by who knows its last tag. Every process of a
/// service has them, also one that does not reach the stores. May be used from any thread.
/// </summary>
public interface IRecords
{
    /// <summary>The value and its tag; both null where there is none.</summary>
    ValueTask<RecordOutcome> ReadAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the value, or ends it where <paramref name="value"/> is null, if its tag still is
    /// <paramref name="tag"/> (null: there is no value). After Unavailable it may yet happen.
    /// </summary>
    ValueTask<RecordOutcome> WriteAsync(
        string name, string? tag, ReadOnlyMemory<byte>? value, CancellationToken cancellationToken);
}
