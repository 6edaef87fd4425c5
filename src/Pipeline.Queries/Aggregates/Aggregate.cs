using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Aggregates;

/// <summary>One aggregate of a query; without an argument it is COUNT(*).</summary>
internal sealed record Aggregate(AggregateKind Kind, Expression? Argument)
{
    /// <summary>How many events CollectTop keeps.</summary>
    public int Ranks { get; init; }

    /// <summary>How many bytes of an argument of TopOne and CollectTop are the key to its rank.</summary>
    public int KeyBytes { get; init; }

    /// <summary>The percentile, from 0 to 1.</summary>
    public decimal Fraction { get; init; }

    /// <summary>Whether a percentile counts from the largest value.</summary>
    public bool Descending { get; init; }

    public ValueKind? Result => Kind switch
    {
        AggregateKind.CountRows or AggregateKind.Count or AggregateKind.CountDistinct => ValueKind.Bigint,
        AggregateKind.Sum or AggregateKind.Min or AggregateKind.Max => Argument!.Kind,
        AggregateKind.TopOne or AggregateKind.PercentileDisc => null,
        AggregateKind.CollectTop or AggregateKind.Collect => ValueKind.Array,
        _ => ValueKind.Float,
    };

    public AggregateColumn CreateColumn() => Kind switch
    {
        AggregateKind.CountRows or AggregateKind.Count => new CountColumn(),
        AggregateKind.CountDistinct => new DistinctColumn(),
        AggregateKind.Sum => new SumColumn(),
        AggregateKind.Avg => new MeanColumn(),
        AggregateKind.Min => new ExtremeColumn("MIN", -1, Argument!.Kind == ValueKind.Text),
        AggregateKind.Max => new ExtremeColumn("MAX", 1, Argument!.Kind == ValueKind.Text),
        AggregateKind.TopOne or AggregateKind.CollectTop => new RankColumn(this),
        AggregateKind.Collect => new CollectColumn(),
        AggregateKind.PercentileCont or AggregateKind.PercentileDisc => new PercentileColumn(this),
        _ => new SpreadColumn(Kind),
    };
}
