using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Analytics;

/// <summary>
/// A call that looks at earlier events: those with the same values of PARTITION BY for which WHEN was true, no older
/// than a duration in ticks.
/// </summary>
internal sealed record AnalyticTerm(
    AnalyticKind Kind, IReadOnlyList<Expression> PartitionBy, Expression? When, long Duration)
{
    /// <summary>As the query names it.</summary>
    public string Name => Kind switch
    {
        AnalyticKind.Aggregate when Aggregate!.Kind == AggregateKind.CountRows => "COUNT",
        AnalyticKind.Aggregate => Aggregate!.Kind.ToString().ToUpperInvariant(),
        AnalyticKind.IsFirst => "ISFIRST",
        AnalyticKind.Last => "LAST",
        _ => "LAG",
    };

    public Expression? Argument { get; init; }

    /// <summary>The aggregate, where it is one.</summary>
    public Aggregate? Aggregate { get; init; }

    public Expression? Default { get; init; }

    /// <summary>How many events LAG looks back.</summary>
    public int Offset { get; init; } = 1;

    /// <summary>What is known of the value before any event.</summary>
    public ValueKind? Result => Aggregate is { } aggregate ? aggregate.Result
        : Kind == AnalyticKind.IsFirst ? ValueKind.Bigint
        : Default is null || Default.Kind == ValueKind.Null || Default.Kind == Argument!.Kind ? Argument!.Kind
        : null;

    public AnalyticStore CreateStore() => Kind switch
    {
        AnalyticKind.Aggregate => new RangeStore(this),
        AnalyticKind.IsFirst => new FirstStore(this),
        _ => new LagStore(this),
    };
}
