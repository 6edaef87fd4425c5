using System.Buffers.Text;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Aggregates;

/// <summary>
/// TopOne and CollectTop: of a group the events with the least keys, by their keys; of equal keys the earlier event
/// comes first. Each is held as its key and, behind it, its JSON.
/// </summary>
internal sealed class RankColumn(Aggregate aggregate) : AggregateColumn
{
    private const int EntryBytes = 32;
    private const int LongestRank = 40;

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

    public override string? Refusal(int group, in Value value) =>
        (group < 0 ? 0 : _groups[group].Length) + value.Bytes.Length + LongestRank > Evaluation.MostTextBytes
            ? $"{aggregate.Kind}: what is kept of the group is longer than {Evaluation.MostTextBytes} bytes"
            : null;

    public override void Add(int group, in Value value)
    {
        ref var kept = ref _groups[group];
        var entries = kept.Entries ??= [];
        var (low, high) = (0, entries.Count);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            var isAfter = Key(value.Bytes).SequenceCompareTo(Key(entries[middle])) >= 0;
            (low, high) = isAfter ? (middle + 1, high) : (low, middle);
        }

        if (low == aggregate.Ranks)
        {
            return;
        }

        if (entries.Count == aggregate.Ranks)
        {
            _held -= entries[^1].Length + EntryBytes;
            kept.Length -= entries[^1].Length + LongestRank;
            entries.RemoveAt(entries.Count - 1);
        }

        _held += value.Bytes.Length + EntryBytes;
        kept.Length += value.Bytes.Length + LongestRank;
        entries.Insert(low, value.Bytes.ToArray());
    }

    public override Value Result(int group, Evaluation state)
    {
        var entries = _groups[group].Entries ?? [];
        if (aggregate.Kind == AggregateKind.TopOne)
        {
            return entries.Count == 0 ? Value.Null : Read(Json(entries[0]), state);
        }

        return state.TryTake(_groups[group].Length + 2, "CollectTop", out var to)
            ? Value.Of(ValueKind.Array, 0, to[..Write(entries, to)])
            : Value.Null;
    }

    public override void Save(int group, StateWriter to)
    {
        var entries = _groups[group].Entries ?? [];
        to.Write(entries.Count);
        foreach (var entry in entries)
        {
            to.Write(entry.AsSpan());
        }
    }

    public override void Load(int group, ref StateReader from)
    {
        var count = from.ReadCount();
        for (var i = 0; i < count; i++)
        {
            var entry = from.ReadBytes();
            if (entry.Length <= aggregate.KeyBytes || i >= aggregate.Ranks)
            {
                throw StateReader.Invalid();
            }

            Add(group, Value.OfText(entry));
        }
    }

    public override void Clear()
    {
        Array.Clear(_groups);
        _held = 0;
    }

    private ReadOnlySpan<byte> Key(ReadOnlySpan<byte> entry) => entry[..aggregate.KeyBytes];

    private ReadOnlySpan<byte> Json(ReadOnlySpan<byte> entry) => entry[aggregate.KeyBytes..];

    private static Value Read(ReadOnlySpan<byte> json, Evaluation state) =>
        FieldExpression.Read(json, json[0] == (byte)'"' && json.Contains((byte)'\\'), state);

    private int Write(List<byte[]> entries, Span<byte> to)
    {
        var at = 0;
        to[at++] = (byte)'[';
        for (var i = 0; i < entries.Count; i++)
        {
            at += Put(i > 0 ? ",{\"rank\":"u8 : "{\"rank\":"u8, to[at..]);
            Utf8Formatter.TryFormat(i + 1, to[at..], out var digits);
            at += digits;
            at += Put(",\"value\":"u8, to[at..]);
            at += Put(Json(entries[i]), to[at..]);
            to[at++] = (byte)'}';
        }

        to[at++] = (byte)']';
        return at;
    }

    private static int Put(ReadOnlySpan<byte> bytes, Span<byte> to)
    {
        bytes.CopyTo(to);
        return bytes.Length;
    }

    private struct Accumulator
    {
        public List<byte[]>? Entries;

        /// <summary>Of the array that the entries become, at most.</summary>
        public long Length;
    }
}
