using Pipeline.Queries.Values;

namespace Pipeline.Queries.Aggregates;

/// <summary>
/// MIN and MAX of numbers, times and bits, or, where the argument is one for certain, of texts; of equal values the
/// first stays.
/// </summary>
internal sealed class ExtremeColumn(string name, int sign, bool isText) : AggregateColumn
{
    private const int ArrayBytes = 24;

    private Accumulator[] _best = [];
    private long _textBytes;

    public override bool MayRefuse => true;

    public override bool KeepsValues => true;

    public override long Bytes => (_best.Length * 32L) + _textBytes;

    public override void Open(int group)
    {
        Reserve(ref _best, group);
        _best[group] = default;
    }

    public override string? Refusal(int group, in Value value)
    {
        if (value.Kind is ValueKind.Record or ValueKind.Array)
        {
            return $"{name}: {KindName.Of(value.Kind)} has no order";
        }

        if (group < 0 || _best[group].Kind == ValueKind.Null
            || (value.IsNumber && _best[group].Kind is ValueKind.Bigint or ValueKind.Float))
        {
            return null;
        }

        var best = View(group);
        return Comparison.TryCompare(best, value, out _)
            ? null
            : $"{name}: {Evaluation.Quote(value)} ({KindName.Of(value.Kind)}) cannot be compared with "
                + $"{Evaluation.Quote(best)} ({KindName.Of(best.Kind)})";
    }

    public override void Add(int group, in Value value)
    {
        if (_best[group].Kind != ValueKind.Null
            && (!Comparison.TryCompare(value, View(group), out var order) || order * sign <= 0))
        {
            return;
        }

        Put(group, value.Kind, value.Bits, value.Bytes);
    }

    public override Value Result(int group, Evaluation state) => View(group);

    public override void Save(int group, StateWriter to)
    {
        var best = _best[group];
        to.Write((byte)best.Kind);
        to.Write(best.Bits);
        to.Write(best.Bytes.AsSpan());
    }

    public override void Load(int group, ref StateReader from)
    {
        var kind = (ValueKind)from.ReadByte();
        if (kind > ValueKind.Text)
        {
            throw StateReader.Invalid();
        }

        var bits = from.ReadInt64();
        var bytes = from.ReadBytes();
        if (kind == ValueKind.Text && !isText)
        {
            // Saved when texts were compared as such; what shows neither stays, and what meets it is refused.
            var shown = ImplicitConversion.TryNumber(bytes, out var number) ? Value.Of(number.Double)
                : Iso8601.TryParse(bytes, out var ticks) ? Value.OfTicks(ticks)
                : Value.OfText(bytes);
            Put(group, shown.Kind, shown.Bits, shown.Bytes);
            return;
        }

        Put(group, kind, bits, bytes);
    }

    public override void Clear()
    {
        Array.Clear(_best);
        _textBytes = 0;
    }

    private void Put(int group, ValueKind kind, long bits, ReadOnlySpan<byte> bytes)
    {
        _textBytes += bytes.Length - (_best[group].Bytes?.Length ?? -ArrayBytes);
        _best[group] = new Accumulator(kind, bits, bytes.IsEmpty ? [] : bytes.ToArray());
    }

    private Value View(int group)
    {
        ref readonly var best = ref _best[group];
        return Value.Of(best.Kind, best.Bits, best.Bytes);
    }

    private readonly record struct Accumulator(ValueKind Kind, long Bits, byte[]? Bytes);
}
