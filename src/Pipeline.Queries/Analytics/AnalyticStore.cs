using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Keeping;
using Pipeline.Queries.Values;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Analytics;

/// <summary>
/// What one analytic call keeps of the events. An event is first looked at, which changes nothing, and then, unless it
/// was rejected, kept. Events at or before the horizon mean nothing any more, wherever they still are.
/// </summary>
internal abstract class AnalyticStore
{
    private readonly KeptValues _kept = new();
    private readonly Predicate<KeptEvents> _isDead;
    private long _horizon;

    protected AnalyticStore(AnalyticTerm term)
    {
        Term = term;
        _isDead = events => events.Latest <= _horizon;
    }

    public long Bytes => Groups.Bytes;

    protected AnalyticTerm Term { get; }

    protected KeptGroups Groups { get; } = new();

    protected GroupKey Key { get; } = new();

    /// <summary>Whether WHEN is true for the event.</summary>
    protected bool IsMatch { get; private set; }

    protected HeldValue Argument { get; private set; }

    /// <summary>How many values are kept of an event.</summary>
    protected abstract int Values { get; }

    /// <summary>Evaluates what of the event is needed; false after an error.</summary>
    public bool TryRead(scoped in Row row)
    {
        var state = row.State;
        Key.Clear();
        foreach (var expression in Term.PartitionBy)
        {
            var used = state.Scratch.Used;
            Key.Add(expression.Evaluate(row));
            state.Scratch.Release(used);
        }

        ReadKey(row);
        if (Key.IsTooLong)
        {
            state.Fail($"{Term.Name}: the values of PARTITION BY are longer than {GroupKey.MostBytes} bytes");
        }

        IsMatch = Term.When is null || Term.When.Test(row) == Truth.True;
        Argument = default;
        if (IsMatch && Term.Argument is { } argument && state.TryHold(argument.Evaluate(row), Term.Name, out var held))
        {
            Argument = held;
        }

        return state.Error is null;
    }

    /// <summary>The call's value for the event that was read.</summary>
    public abstract Value Result(scoped in Row row, long horizon);

    /// <summary>Keeps what was read.</summary>
    public void Keep(scoped in Row row, long horizon)
    {
        if (!IsMatch)
        {
            return;
        }

        _kept.Clear();
        if (Values > 0)
        {
            _kept.Add(row.State.Scratch.View(Argument));
        }

        Keep(row.Time, _kept.Written, horizon);
    }

    public void Sweep(long horizon)
    {
        _horizon = horizon;
        Groups.TrySweep(_isDead);
    }

    /// <summary>Writes what is after the horizon, by the groups' keys.</summary>
    public void Save(long horizon, StateWriter to)
    {
        var order = Groups.InOrder();
        var count = 0;
        foreach (var group in order)
        {
            count += FirstAlive(Groups[group], horizon) < Groups[group].Count ? 1 : 0;
        }

        to.Write(count);
        foreach (var group in order)
        {
            var events = Groups[group];
            var first = FirstAlive(events, horizon);
            if (first == events.Count)
            {
                continue;
            }

            to.Write(Groups.Key(group));
            to.Write(events.Count - first);
            for (var i = first; i < events.Count; i++)
            {
                to.Write(events.Time(i));
                to.Write(events.Data(i));
            }
        }
    }

    public void Load(ref StateReader from)
    {
        Groups.Clear();
        for (var count = from.ReadCount(); count > 0; count--)
        {
            var group = Groups.Open(from.ReadBytes());
            for (var events = from.ReadCount(); events > 0; events--)
            {
                var time = from.ReadInt64();
                var data = from.ReadBytes();
                KeptValues.Check(data, Values);
                Groups.Insert(group, Groups[group].Count, time, data);
            }
        }
    }

    protected abstract void Keep(long time, ReadOnlySpan<byte> data, long horizon);

    /// <summary>Adds to the key what is not in PARTITION BY.</summary>
    protected virtual void ReadKey(scoped in Row row)
    {
    }

    /// <summary>The first event that is after the horizon, or their number.</summary>
    private static int FirstAlive(KeptEvents events, long horizon)
    {
        var first = 0;
        while (first < events.Count && events.Time(first) <= horizon)
        {
            first++;
        }

        return first;
    }
}
