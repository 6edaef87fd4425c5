using Pipeline.Queries.Values;

namespace Pipeline.Queries.Aggregates;

/// <summary>COUNT(*) and COUNT(x); NULLs never arrive here.</summary>
internal sealed class CountColumn : AggregateColumn
{
    private long[] _counts = [];

    public override long Bytes => _counts.Length * 8L;

    public override void Open(int group)
    {
        Reserve(ref _counts, group);
        _counts[group] = 0;
    }

    public override void Add(int group, in Value value) => _counts[group]++;

    public override Value Result(int group, Evaluation state) => Value.Of(_counts[group]);

    public override void Save(int group, StateWriter to) => to.Write(_counts[group]);

    public override void Load(int group, ref StateReader from) => _counts[group] = from.ReadInt64();
}
