using Pipeline.Kernel.Stages;

namespace Pipeline.Queries.Compilation;

/// <summary>A checked query, ready to make operators; immutable and shared between stage instances.</summary>
public abstract class CompiledQuery
{
    /// <summary>The name after FROM.</summary>
    public abstract string Source { get; }

    /// <summary>
    /// The name after INTO, or null. A stage's output is the stage's own stream: the name only repeats it.
    /// </summary>
    public abstract string? Into { get; }

    /// <summary>TIMESTAMP BY, or null where the query has none.</summary>
    public abstract ITimestamp? Timestamp { get; }

    /// <summary>
    /// Input paths that GROUP BY names (without the window); null for a query without GROUP BY. Empty: the groups do
    /// not follow any field of the input, so one instance must see all events.
    /// </summary>
    public abstract IReadOnlyList<string>? GroupBy { get; }

    /// <summary>The output's columns; null after SELECT * from a source whose columns are not known.</summary>
    public abstract IReadOnlyList<string>? Columns { get; }

    /// <summary>
    /// The input path whose value is the output's key unchanged; null where the key is computed, or where <see
    /// cref="QueryOptions.Key"/> is null (outputs then have the input's key; a window's result that of its group's
    /// first event).
    /// </summary>
    public abstract string? KeyPath { get; }

    /// <summary>A new operator with empty state.</summary>
    public abstract IOperator CreateOperator();
}
