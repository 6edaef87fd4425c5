using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Aggregates;

/// <summary>One aggregate of a query; without an argument it is COUNT(*).</summary>
internal sealed record Aggregate(AggregateKind Kind, Expression? Argument)
{
    public ValueKind? Result => Kind switch
    {
        AggregateKind.CountRows or AggregateKind.Count or AggregateKind.CountDistinct => ValueKind.Bigint,
        AggregateKind.Sum or AggregateKind.Min or AggregateKind.Max => Argument!.Kind,
        _ => ValueKind.Float,
    };

    public bool NeedsNumbers => Kind is AggregateKind.Sum or >= AggregateKind.Stdev or AggregateKind.Avg;

    public AggregateColumn CreateColumn() => Kind switch
    {
        AggregateKind.CountRows or AggregateKind.Count => new CountColumn(),
        AggregateKind.CountDistinct => new DistinctColumn(),
        AggregateKind.Sum => new SumColumn(),
        AggregateKind.Avg => new MeanColumn(),
        AggregateKind.Min => new ExtremeColumn("MIN", -1),
        AggregateKind.Max => new ExtremeColumn("MAX", 1),
        _ => new SpreadColumn(Kind),
    };
}
