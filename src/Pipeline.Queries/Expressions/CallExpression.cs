using Pipeline.Queries.Functions;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>A scalar function's call.</summary>
internal sealed class CallExpression(ScalarFunction function, Expression[] arguments) : Expression
{
    public override ValueKind? Kind => function.Result;

    public override Value Evaluate(scoped in Row row) => function.Body(row, arguments);
}
