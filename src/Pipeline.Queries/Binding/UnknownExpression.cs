using Pipeline.Queries.Expressions;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Binding;

/// <summary>Stands where there is a mistake; a query with one is never run.</summary>
internal sealed class UnknownExpression : Expression
{
    public override Value Evaluate(scoped in Row row) => Value.Null;
}
