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

    /// <summary>Writes what is after the horizon.</summary>
    public void Save(long horizon, StateWriter to) =>
        KeptState.Save(Groups, horizon == long.MinValue ? horizon : horizon + 1, to);

    public void Load(ref StateReader from) => KeptState.Load(Groups, ref from, data => KeptValues.Check(data, Values));

    protected abstract void Keep(long time, ReadOnlySpan<byte> data, long horizon);

    /// <summary>Adds to the key what is not in PARTITION BY.</summary>
    protected virtual void ReadKey(scoped in Row row)
    {
    }
}
