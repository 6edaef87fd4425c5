using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>The key to an event's rank and, behind it, the JSON that is kept of it, as the bytes of one text.</summary>
internal sealed class RankedExpression(JsonExpression value, RankTerm[] terms) : Expression
{
    public override ValueKind? Kind => ValueKind.Text;

    public override Value Evaluate(scoped in Row row)
    {
        Span<byte> key = stackalloc byte[terms.Length * RankKey.Bytes];
        for (var i = 0; i < terms.Length; i++)
        {
            var used = row.State.Scratch.Used;
            var term = terms[i].Expression.Evaluate(row);
            if (!RankKey.TryWrite(term, terms[i].Descending, row.State, key.Slice(i * RankKey.Bytes, RankKey.Bytes)))
            {
                return Value.Null;
            }

            row.State.Scratch.Release(used);
        }

        var json = value.Evaluate(row).Bytes;
        if (!row.State.TryTake((long)key.Length + json.Length, "the value kept of an event", out var to))
        {
            return Value.Null;
        }

        key.CopyTo(to);
        json.CopyTo(to[key.Length..]);
        return Value.OfText(to);
    }
}
