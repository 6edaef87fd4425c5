using Pipeline.Queries.Values;

namespace Pipeline.Queries.Aggregates;

/// <summary>
/// PERCENTILE_CONT and PERCENTILE_DISC, exactly: all numbers of a group are kept, and sorted when they are asked for.
/// </summary>
internal sealed class PercentileColumn(Aggregate aggregate) : AggregateColumn
{
    private const int ArrayBytes = 24;
    private const int LeastSize = 8;

    private Accumulator[] _groups = [];
    private long _held;

    public override bool MayRefuse => true;

    public override bool KeepsValues => true;

    public override long Bytes => (_groups.Length * 16L) + _held;

    public override void Open(int group)
    {
        Reserve(ref _groups, group);
        _groups[group] = default;
    }

    public override string? Refusal(int group, in Value value) => value.IsNumber
        ? null
        : $"{(aggregate.Kind == AggregateKind.PercentileCont ? "PERCENTILE_CONT" : "PERCENTILE_DISC")}: "
            + $"a number was expected, {Evaluation.Quote(value)} is {KindName.Of(value.Kind)}";

    public override void Add(int group, in Value value)
    {
        ref var numbers = ref _groups[group];
        var before = numbers.Values?.Length ?? 0;
        if (numbers.Count == before)
        {
            Array.Resize(ref numbers.Values, Math.Max(LeastSize, before * 2));
            _held += ((numbers.Values.Length - before) * 16L) + (before == 0 ? ArrayBytes : 0);
        }

        numbers.Values![numbers.Count++] = new KeptNumber(value.Bits, value.Kind == ValueKind.Float);
    }

    public override Value Result(int group, Evaluation state)
    {
        var sorted = Sorted(group);
        if (sorted.IsEmpty)
        {
            return Value.Null;
        }

        if (aggregate.Kind == AggregateKind.PercentileDisc)
        {
            // The first value up to which the wanted part of all values lies.
            var rank = (int)decimal.Ceiling(aggregate.Fraction * sorted.Length);
            return At(sorted, Math.Max(rank - 1, 0)).Value;
        }

        var place = aggregate.Fraction * (sorted.Length - 1);
        var below = (int)decimal.Floor(place);
        var part = (double)(place - below);
        var low = At(sorted, below).Value.Double;
        return Value.Of(part == 0 ? low : (low * (1 - part)) + (At(sorted, below + 1).Value.Double * part));
    }

    public override void Save(int group, StateWriter to)
    {
        var sorted = Sorted(group);
        to.Write(sorted.Length);
        foreach (var number in sorted)
        {
            to.Write((byte)(number.IsFloat ? ValueKind.Float : ValueKind.Bigint));
            to.Write(number.Bits);
        }
    }

    public override void Load(int group, ref StateReader from)
    {
        var count = from.ReadCount();
        for (var i = 0; i < count; i++)
        {
            var kind = (ValueKind)from.ReadByte();
            Add(group, kind is ValueKind.Bigint or ValueKind.Float
                ? Value.Of(kind, from.ReadInt64(), default)
                : throw StateReader.Invalid());
        }
    }

    public override void Clear()
    {
        Array.Clear(_groups);
        _held = 0;
    }

    private KeptNumber At(ReadOnlySpan<KeptNumber> sorted, int index) =>
        sorted[aggregate.Descending ? sorted.Length - 1 - index : index];

    private ReadOnlySpan<KeptNumber> Sorted(int group)
    {
        ref readonly var numbers = ref _groups[group];
        var values = numbers.Values.AsSpan(0, numbers.Count);
        values.Sort();
        return values;
    }

    private struct Accumulator
    {
        public KeptNumber[]? Values;
        public int Count;
    }
}
