using Pipeline.Queries.Values;

namespace Pipeline.Queries.Aggregates;

/// <summary>
/// AVG, a float. The bigints are summed exactly in 128 bits and divided once, so that their mean is right to the last
/// digit of a double.
/// </summary>
internal sealed class MeanColumn : AggregateColumn
{
    private const long ExactDouble = 1L << 53;

    private Accumulator[] _means = [];

    public override bool MayRefuse => true;

    public override long Bytes => _means.Length * 48L;

    public override void Open(int group)
    {
        Reserve(ref _means, group);
        _means[group] = default;
    }

    public override string? Refusal(int group, in Value value)
    {
        if (!value.IsNumber)
        {
            return $"AVG: a number was expected, {Evaluation.Quote(value)} is {KindName.Of(value.Kind)}";
        }

        if (value.Kind == ValueKind.Bigint)
        {
            return null;
        }

        return group < 0 || _means[group].Real.Holds(value.Double) ? null : "AVG: the sum is not a finite number";
    }

    public override void Add(int group, in Value value)
    {
        ref var mean = ref _means[group];
        mean.Count++;
        if (value.Kind == ValueKind.Bigint)
        {
            mean.Whole += value.Bits;
        }
        else
        {
            mean.Real.Add(value.Double);
        }
    }

    public override Value Result(int group, Evaluation state)
    {
        ref readonly var mean = ref _means[group];
        if (mean.Count == 0)
        {
            return Value.Null;
        }

        if (Int128.Abs(mean.Whole) <= ExactDouble)
        {
            return Value.Of(((double)mean.Whole + mean.Real.Total) / mean.Count);
        }

        var (quotient, rest) = Int128.DivRem(mean.Whole, mean.Count);
        return Value.Of((long)quotient + (((long)rest + mean.Real.Total) / mean.Count));
    }

    public override void Save(int group, StateWriter to)
    {
        ref readonly var mean = ref _means[group];
        to.Write(mean.Count);
        to.Write(mean.Whole);
        mean.Real.Save(to);
    }

    public override void Load(int group, ref StateReader from)
    {
        ref var mean = ref _means[group];
        mean.Count = from.ReadInt64();
        mean.Whole = from.ReadInt128();
        mean.Real = RealSum.Load(ref from);
    }

    private struct Accumulator
    {
        public Int128 Whole;
        public RealSum Real;
        public long Count;
    }
}
