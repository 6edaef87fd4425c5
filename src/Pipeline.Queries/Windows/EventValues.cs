using Pipeline.Queries.Values;

namespace Pipeline.Queries.Windows;

/// <summary>
/// What a query with windows needs of one event: the values of GROUP BY and the aggregates' arguments.
/// </summary>
internal sealed class EventValues(WindowPlan plan)
{
    private readonly HeldValue[] _arguments = new HeldValue[plan.Aggregates.Length];
    private readonly GroupKey _key = new();

    public ReadOnlySpan<byte> Key => _key.Bytes;

    public HeldValue[] Arguments => _arguments;

    /// <summary>False after an error, which is noted in the row's state.</summary>
    public bool TryRead(scoped in Row row)
    {
        var state = row.State;
        _key.Clear();
        foreach (var expression in plan.GroupBy)
        {
            var used = state.Scratch.Used;
            _key.Add(expression.Evaluate(row));
            state.Scratch.Release(used);
        }

        if (_key.IsTooLong)
        {
            state.Fail($"GROUP BY: the values of the group are longer than {GroupKey.MostBytes} bytes");
        }

        for (var i = 0; i < _arguments.Length; i++)
        {
            if (plan.Aggregates[i].Argument is { } argument)
            {
                _ = state.TryHold(argument.Evaluate(row), "the aggregates", out _arguments[i]);
            }
        }

        return state.Error is null;
    }
}
