using System.Buffers.Binary;
using Pipeline.Queries.Values;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Aggregates;

/// <summary>COUNT(DISTINCT x): the values seen, exactly, in one table of (group, value).</summary>
internal sealed class DistinctColumn : AggregateColumn
{
    private ByteTable _seen = new();
    private readonly GroupKey _value = new();
    private byte[] _key = new byte[64];
    private long[] _counts = [];
    private int[] _order = [];
    private int[] _starts = [];

    public override bool MayRefuse => true;

    public override bool KeepsValues => true;

    public override long Bytes => _seen.Bytes + (_counts.Length * 8L);

    public override void Open(int group)
    {
        Reserve(ref _counts, group);
        _counts[group] = 0;
    }

    public override string? Refusal(int group, in Value value) => value.Bytes.Length > GroupKey.MostBytes
        ? $"COUNT(DISTINCT): the value has {value.Bytes.Length} bytes, more than {GroupKey.MostBytes}"
        : null;

    public override void Add(int group, in Value value)
    {
        _value.Clear();
        _value.Add(value);
        AddEncoded(group, _value.Bytes);
    }

    public override Value Result(int group, Evaluation state) => Value.Of(_counts[group]);

    public override void BeginSave(int groups)
    {
        _order = _seen.InOrder().ToArray();
        _starts = new int[groups];
        for (var group = 1; group < groups; group++)
        {
            _starts[group] = _starts[group - 1] + (int)_counts[group - 1];
        }
    }

    public override void Save(int group, StateWriter to)
    {
        to.Write((int)_counts[group]);
        foreach (var index in _order.AsSpan(_starts[group], (int)_counts[group]))
        {
            to.Write(_seen.Key(index)[4..]);
        }
    }

    public override void Load(int group, ref StateReader from)
    {
        var count = from.ReadCount();
        for (var i = 0; i < count; i++)
        {
            AddEncoded(group, from.ReadBytes());
        }
    }

    public override void Clear()
    {
        if (_seen.IsOversized)
        {
            _seen = new ByteTable();
        }

        _seen.Clear();
    }

    private void AddEncoded(int group, ReadOnlySpan<byte> value)
    {
        if (_key.Length < value.Length + 4)
        {
            _key = new byte[(value.Length + 4) * 2];
        }

        BinaryPrimitives.WriteInt32BigEndian(_key, group);
        value.CopyTo(_key.AsSpan(4));
        var key = _key.AsSpan(0, value.Length + 4);
        var hash = ByteHash.Of(key);
        if (_seen.Find(key, hash) < 0)
        {
            _seen.Add(key, hash, default);
            _counts[group]++;
        }
    }
}
