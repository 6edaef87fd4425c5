using Pipeline.Kernel.Stages;
using Pipeline.Queries.Joins;

namespace Pipeline.Queries.Compilation;

/// <summary>What JOIN makes of the rows of its sides: the rows that the rest of the query reads.</summary>
internal sealed class JoinQuery(JoinPlan plan) : CompiledQuery
{
    public required IReadOnlyList<JoinSideQuery> Sides { get; init; }

    /// <summary>Whether anything has to be equal.</summary>
    public required bool IsKeyed { get; init; }

    /// <summary>Fields of a row that have the value by which both sides are spread.</summary>
    public required IReadOnlyList<string> KeyPaths { get; init; }

    public override IReadOnlyList<JoinSideQuery> JoinSides => Sides;

    public override string Source => Sides[0].Source;

    public override string? Into => null;

    /// <summary>The sides' events have theirs.</summary>
    public override ITimestamp? Timestamp => null;

    public override string? TimestampPath => null;

    public override IReadOnlyList<string>? GroupBy => null;

    public override IReadOnlyList<string>? Gathers => IsKeyed ? [JoinSideQuery.Key] : [];

    public override bool NeedsWatermark => true;

    public override IReadOnlyList<string>? Columns => null;

    public override bool KeepsFields => false;

    public override string? SourceOf(string column) =>
        KeyPaths.Contains(column, StringComparer.OrdinalIgnoreCase) ? JoinSideQuery.Key : null;

    public override IOperator CreateOperator() => new JoinOperator(plan);
}
