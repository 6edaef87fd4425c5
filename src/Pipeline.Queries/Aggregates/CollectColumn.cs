using Pipeline.Queries.Values;

namespace Pipeline.Queries.Aggregates;

/// <summary>Collect: the JSON of all values of a group in the order of their events, as the array it will be.</summary>
internal sealed class CollectColumn : AggregateColumn
{
    private const int ArrayBytes = 24;
    private const int LeastSize = 64;

    private Accumulator[] _lists = [];
    private long _held;

    public override bool MayRefuse => true;

    public override bool KeepsValues => true;

    public override long Bytes => (_lists.Length * 16L) + _held;

    public override void Open(int group)
    {
        Reserve(ref _lists, group);
        _lists[group] = default;
    }

    public override string? Refusal(int group, in Value value) =>
        (group < 0 ? 0 : _lists[group].Length) + (long)value.Bytes.Length + 2 > Evaluation.MostTextBytes
            ? $"Collect: the values of the group are longer than {Evaluation.MostTextBytes} bytes"
            : null;

    public override void Add(int group, in Value value)
    {
        // One byte for what stands before a value, one for the end.
        ref var list = ref _lists[group];
        Reserve(ref list, value.Bytes.Length + 2);
        list.Json![list.Length] = list.Length == 0 ? (byte)'[' : (byte)',';
        value.Bytes.CopyTo(list.Json.AsSpan(list.Length + 1));
        list.Length += value.Bytes.Length + 1;
    }

    public override Value Result(int group, Evaluation state)
    {
        ref readonly var list = ref _lists[group];
        if (list.Json is not { } json)
        {
            return Value.Of(ValueKind.Array, 0, "[]"u8);
        }

        json[list.Length] = (byte)']';
        return Value.Of(ValueKind.Array, 0, json.AsSpan(0, list.Length + 1));
    }

    public override void Save(int group, StateWriter to)
    {
        ref readonly var list = ref _lists[group];
        to.Write(list.Json.AsSpan(0, list.Length));
    }

    public override void Load(int group, ref StateReader from)
    {
        var json = from.ReadBytes();
        if (json.IsEmpty)
        {
            return;
        }

        if (json[0] != (byte)'[')
        {
            throw StateReader.Invalid();
        }

        ref var list = ref _lists[group];
        Reserve(ref list, json.Length + 1);
        json.CopyTo(list.Json);
        list.Length = json.Length;
    }

    public override void Clear()
    {
        Array.Clear(_lists);
        _held = 0;
    }

    private void Reserve(ref Accumulator list, int more)
    {
        var before = list.Json?.Length ?? -ArrayBytes;
        if (list.Length + more > before)
        {
            Array.Resize(ref list.Json, Math.Max(LeastSize, Math.Max(list.Length + more, list.Length * 2)));
            _held += list.Json.Length - before;
        }
    }

    private struct Accumulator
    {
        public byte[]? Json;
        public int Length;
    }
}
