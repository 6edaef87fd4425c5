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

    /// <summary>
    /// What brings the events of both sources to its JOIN, in one stream that is its input; empty where it has none.
    /// </summary>
    public virtual IReadOnlyList<JoinSideQuery> JoinSides => [];

    /// <summary>TIMESTAMP BY, or null where the query has none.</summary>
    public abstract ITimestamp? Timestamp { get; }

    /// <summary>
    /// Input paths that GROUP BY names (without the window); null for a query without GROUP BY. Empty: the groups do
    /// not follow any field of the input, so one instance must see all events.
    /// </summary>
    public abstract IReadOnlyList<string>? GroupBy { get; }

    /// <summary>
    /// Input paths of which events with equal values must meet in one instance; null where each event is worked on by
    /// itself. Empty: one instance must see all events.
    /// </summary>
    public abstract IReadOnlyList<string>? Gathers { get; }

    /// <summary>Whether the operator must be told how far time is.</summary>
    public abstract bool NeedsWatermark { get; }

    /// <summary>The output's columns; null after SELECT * from a source whose columns are not known.</summary>
    public abstract IReadOnlyList<string>? Columns { get; }

    /// <summary>The input path that TIMESTAMP BY names; null where it is an expression (or absent).</summary>
    public abstract string? TimestampPath { get; }

    /// <summary>
    /// The input path whose value an output column (or dotted path) repeats unchanged; null where it is computed or
    /// not known. After SELECT * every path is its own source. The planner fuses stages by it.
    /// </summary>
    public abstract string? SourceOf(string column);

    /// <summary>Whether each result has all fields of its event, as after SELECT *.</summary>
    public abstract bool KeepsFields { get; }

    /// <summary>A new operator with empty state.</summary>
    public abstract IOperator CreateOperator();
}
