using Pipeline.Queries.Values;

namespace Pipeline.Queries.Aggregates;

/// <summary>
/// STDEV, STDEVP, VAR and VARP in one pass (B. P. Welford, Note on a method for calculating corrected sums of squares
/// and products, 1962). Of a sample of one they are NULL.
/// </summary>
internal sealed class SpreadColumn(AggregateKind kind) : AggregateColumn
{
    private Accumulator[] _spreads = [];

    public override bool MayRefuse => true;

    public override long Bytes => _spreads.Length * 24L;

    public override void Open(int group)
    {
        Reserve(ref _spreads, group);
        _spreads[group] = default;
    }

    public override string? Refusal(int group, in Value value)
    {
        var name = kind.ToString().ToUpperInvariant();
        if (!value.IsNumber)
        {
            return $"{name}: a number was expected, {Evaluation.Quote(value)} is {KindName.Of(value.Kind)}";
        }

        var spread = group < 0 ? default : _spreads[group];
        spread.Add(value.Double);
        return double.IsFinite(spread.Squares) ? null : $"{name}: the sum of squares is not a finite number";
    }

    public override void Add(int group, in Value value) => _spreads[group].Add(value.Double);

    public override Value Result(int group, Evaluation state)
    {
        ref readonly var spread = ref _spreads[group];
        var degrees = kind is AggregateKind.Stdev or AggregateKind.Var ? spread.Count - 1 : spread.Count;
        if (degrees <= 0)
        {
            return Value.Null;
        }

        var variance = spread.Squares / degrees;
        return Value.Of(kind is AggregateKind.Stdev or AggregateKind.StdevP ? Math.Sqrt(variance) : variance);
    }

    public override void Save(int group, StateWriter to)
    {
        ref readonly var spread = ref _spreads[group];
        to.Write(spread.Count);
        to.Write(spread.Mean);
        to.Write(spread.Squares);
    }

    public override void Load(int group, ref StateReader from) => _spreads[group] = new Accumulator
    {
        Count = from.ReadInt64(),
        Mean = from.ReadDouble(),
        Squares = from.ReadDouble(),
    };

    private struct Accumulator
    {
        public long Count;
        public double Mean;
        public double Squares;

        public void Add(double value)
        {
            Count++;
            var before = value - Mean;
            Mean += before / Count;
            Squares += before * (value - Mean);
        }
    }
}
