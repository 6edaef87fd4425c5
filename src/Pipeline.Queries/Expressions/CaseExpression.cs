using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>CASE WHEN … THEN … ELSE … END; only the chosen branch is evaluated.</summary>
internal sealed class CaseExpression((Expression When, Expression Then)[] branches, Expression otherwise) : Expression
{
    public override ValueKind? Kind => KindOf(branches, otherwise);

    public override Value Evaluate(scoped in Row row)
    {
        foreach (var (when, then) in branches)
        {
            if (when.Test(row) == Truth.True)
            {
                return then.Evaluate(row);
            }
        }

        return otherwise.Evaluate(row);
    }

    /// <summary>The type that all branches have, NULLs aside.</summary>
    public static ValueKind? KindOf((Expression When, Expression Then)[] branches, Expression otherwise)
    {
        var kind = otherwise.Kind;
        foreach (var (_, then) in branches)
        {
            kind = kind == ValueKind.Null ? then.Kind
                : then.Kind == ValueKind.Null || then.Kind == kind ? kind
                : null;
        }

        return kind;
    }
}
