using Pipeline.Queries.Expressions;
using Pipeline.Queries.Functions;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Binding;

/// <summary>
/// Checks calls: the function's name, the number of arguments, and their types as far as they are known.
/// </summary>
internal sealed class CallBinder(ExpressionBinder binder)
{
    public Expression Bind(CallSyntax call)
    {
        if (SystemNames.IsTimestamp(call.Name))
        {
            return call.Arguments.Count == 0 && !call.Star
                ? new TimeExpression()
                : binder.Fail(call.At, "System.Timestamp() takes no arguments");
        }

        if (SystemNames.IsWindow(call.Name))
        {
            return binder.BindWindow(call);
        }

        if (AnalyticNames.IsAnalytic(call) && !WindowBinder.IsWindow(call.Name))
        {
            return binder.BindAnalytic(call);
        }

        if (AggregateNames.IsAggregate(call.Name))
        {
            return binder.BindAggregate(call);
        }

        if (AggregateNames.NotYet(call.Name) is { } message)
        {
            return binder.Fail(call.At, message);
        }

        if (WindowBinder.IsWindow(call.Name))
        {
            return binder.Fail(call.At, $"{call.Name} belongs in GROUP BY");
        }

        if (FunctionTable.Find(call.Name) is not { } function)
        {
            var similar = FunctionTable.Similar(call.Name) is { } name ? $"; {name} was perhaps meant" : "";
            return binder.Fail(call.At, $"unknown function '{call.Name}'{similar}");
        }

        return Bind(call, function);
    }

    private Expression Bind(CallSyntax call, ScalarFunction function)
    {
        var count = call.Arguments.Count;
        if (call.Star || call.Distinct)
        {
            var what = call.Star ? "*" : "DISTINCT";
            return binder.Fail(call.At, $"{function.Name} takes no {what}: {function.Signature}");
        }

        if (count < function.Required || (count > function.Parameters.Length && !function.IsVariadic))
        {
            var expected = function.IsVariadic ? $"at least {function.Required}"
                : function.Required == function.Parameters.Length ? $"{function.Required}"
                : $"{function.Required} to {function.Parameters.Length}";
            return binder.Fail(
                call.At, $"{function.Name} takes {expected} arguments, not {count}: {function.Signature}");
        }

        return new CallExpression(
            function, [.. call.Arguments.Select((a, i) => BindArgument(function, a, function.Parameter(i)))]);
    }

    private Expression BindArgument(ScalarFunction function, SyntaxNode node, ParameterKind parameter)
    {
        if (parameter == ParameterKind.DatePart)
        {
            return node is PathSyntax word && DatePartName.TryParse(word.ToString(), out var part)
                ? new ConstantExpression(ValueKind.Bigint, (long)part, [])
                : binder.Fail(node.At, $"{function.Name}: {DatePartName.Expected} was expected");
        }

        if (parameter == ParameterKind.Regex)
        {
            return BindRegex(function, node);
        }

        var argument = parameter == ParameterKind.Condition ? binder.BindCondition(node) : binder.Bind(node);
        if (argument is ConstantExpression { Kind: ValueKind.Text } text && parameter == ParameterKind.Datetime
            && !Iso8601.TryParse(text.Bytes, out _))
        {
            return binder.Fail(node.At, $"{function.Name}: this text is not a datetime (ISO 8601 was expected)");
        }

        return argument.Kind is not { } kind || Accepts(parameter, kind)
            || (!binder.IsStrict && Converts(parameter, argument))
            ? argument
            : binder.Fail(node.At, $"{function.Name}: {ScalarFunction.Describe(parameter)} was expected, this is "
                + KindName.Of(kind));
    }

    private Expression BindRegex(ScalarFunction function, SyntaxNode node) => node switch
    {
        LiteralSyntax { Kind: LiteralKind.Null } => ConstantExpression.Null,
        LiteralSyntax { Kind: LiteralKind.Text } text => RegexPattern.TryCreate(text.Text, out var regex, out var error)
            ? new RegexExpression(regex!)
            : binder.Fail(node.At, $"{function.Name}: {error}"),
        _ => binder.Fail(node.At, $"{function.Name}: the pattern must be a constant text, such as '[0-9]+'"),
    };

    private static bool Converts(ParameterKind parameter, Expression argument) => parameter switch
    {
        ParameterKind.Text => OperandRules.IsNumber(argument.Kind!.Value),
        ParameterKind.Number or ParameterKind.Bigint => OperandRules.MayShowNumber(argument),
        _ => false,
    };

    private static bool Accepts(ParameterKind parameter, ValueKind kind) => kind == ValueKind.Null || parameter switch
    {
        ParameterKind.Text => kind == ValueKind.Text,
        ParameterKind.Number => kind is ValueKind.Bigint or ValueKind.Float,
        ParameterKind.Bigint => kind == ValueKind.Bigint,
        ParameterKind.Datetime => kind is ValueKind.Datetime or ValueKind.Text,
        ParameterKind.Record => kind == ValueKind.Record,
        ParameterKind.Array => kind == ValueKind.Array,
        _ => true,
    };
}
