using Pipeline.Queries.Values;

namespace Pipeline.Queries.Aggregates;

/// <summary>The accumulators of one aggregate for all groups of one window, by group number.</summary>
internal abstract class AggregateColumn
{
    /// <summary>Whether <see cref="Refusal"/> can say anything.</summary>
    public virtual bool MayRefuse => false;

    /// <summary>Whether a value may take memory of its own, beside its group's.</summary>
    public virtual bool KeepsValues => false;

    /// <summary>About how many bytes of memory it takes.</summary>
    public abstract long Bytes { get; }

    /// <summary>A new group, with the next number.</summary>
    public abstract void Open(int group);

    /// <summary>
    /// Why the value cannot be added, or null; group -1 is one that does not exist yet. Nothing changes.
    /// </summary>
    public virtual string? Refusal(int group, in Value value) => null;

    public abstract void Add(int group, in Value value);

    public abstract Value Result(int group, Evaluation state);

    /// <summary>Called before the groups, numbered from 0, are saved in whatever order.</summary>
    public virtual void BeginSave(int groups)
    {
    }

    public abstract void Save(int group, StateWriter to);

    /// <summary>Takes over what <see cref="Save"/> wrote, into a group just opened.</summary>
    public abstract void Load(int group, ref StateReader from);

    /// <summary>Forgets all groups.</summary>
    public virtual void Clear()
    {
    }

    protected static void Reserve<T>(ref T[] column, int group)
    {
        if (group >= column.Length)
        {
            Array.Resize(ref column, Math.Max(32, column.Length * 2));
        }
    }
}
