using Pipeline.Queries.Values;

namespace Pipeline.Queries.Joins;

/// <summary>Writes rows: of one side <c>{"a":event}</c>, of both <c>{"a":event,"b":event}</c>.</summary>
internal sealed class JoinRows(JoinPlan plan)
{
    private readonly JsonBuffer _json = new();

    /// <summary>Valid until the next one.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        _json.Clear();
        _json.Raw(plan.Left.Label);
        _json.Raw(left);
        _json.Raw((byte)',');
        _json.Raw(plan.Right.Label.AsSpan(1));
        _json.Raw(right);
        _json.Raw((byte)'}');
        return _json.Written;
    }

    /// <summary>The event in a row of one side; false where it is not that side's.</summary>
    public static bool TryRead(JoinSide side, ReadOnlySpan<byte> row, out ReadOnlySpan<byte> value)
    {
        var isOf = row.StartsWith(side.Label) && row[^1] == (byte)'}';
        value = isOf ? row[side.Label.Length..^1] : default;
        return isOf;
    }
}
