using Pipeline.Queries.Values;

namespace Pipeline.Queries.Aggregates;

/// <summary>
/// SUM: bigints exactly (an event with which the sum would leave bigint is refused); once a float was among them, a
/// float. NULL where there was no value.
/// </summary>
internal sealed class SumColumn : AggregateColumn
{
    private Accumulator[] _sums = [];

    public override bool MayRefuse => true;

    public override long Bytes => _sums.Length * 40L;

    public override void Open(int group)
    {
        Reserve(ref _sums, group);
        _sums[group] = default;
    }

    public override string? Refusal(int group, in Value value)
    {
        var sum = group < 0 ? default : _sums[group];
        if (!value.IsNumber)
        {
            return $"SUM: a number was expected, {Evaluation.Quote(value)} is {KindName.Of(value.Kind)}";
        }

        if (value.Kind == ValueKind.Bigint)
        {
            var next = unchecked(sum.Whole + value.Bits);
            return ((sum.Whole ^ next) & (value.Bits ^ next)) < 0
                ? $"SUM: {sum.Whole} + {value.Bits} does not fit bigint"
                : null;
        }

        return sum.Real.Holds(value.Double) ? null : "SUM: the sum is not a finite number";
    }

    public override void Add(int group, in Value value)
    {
        ref var sum = ref _sums[group];
        if (value.Kind == ValueKind.Bigint)
        {
            sum.Whole += value.Bits;
            sum.Kind = sum.Kind == ValueKind.Null ? ValueKind.Bigint : sum.Kind;
        }
        else
        {
            sum.Real.Add(value.Double);
            sum.Kind = ValueKind.Float;
        }
    }

    public override Value Result(int group, Evaluation state)
    {
        ref readonly var sum = ref _sums[group];
        return sum.Kind switch
        {
            ValueKind.Null => Value.Null,
            ValueKind.Bigint => Value.Of(sum.Whole),
            _ => Value.Of(sum.Whole + sum.Real.Total),
        };
    }

    public override void Save(int group, StateWriter to)
    {
        ref readonly var sum = ref _sums[group];
        to.Write((byte)sum.Kind);
        to.Write(sum.Whole);
        sum.Real.Save(to);
    }

    public override void Load(int group, ref StateReader from)
    {
        ref var sum = ref _sums[group];
        sum.Kind = (ValueKind)from.ReadByte();
        sum.Whole = from.ReadInt64();
        sum.Real = RealSum.Load(ref from);
    }

    private struct Accumulator
    {
        public long Whole;
        public RealSum Real;
        public ValueKind Kind;
    }
}
