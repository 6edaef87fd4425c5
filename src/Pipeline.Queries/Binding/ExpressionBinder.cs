using System.Globalization;
using System.Text;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Binding;

/// <summary>
/// Checks expressions and makes them ready to run; every mistake is reported, and stands as NULL of unknown type so
/// that the rest is checked too. What a column and an aggregate mean is left to the place: <see cref="RowBinder"/>,
/// <see cref="GroupBinder"/>.
/// </summary>
internal abstract class ExpressionBinder
{
    private readonly CallBinder _calls;

    protected ExpressionBinder(FieldScope fields, ErrorList errors, bool isStrict)
    {
        Fields = fields;
        Errors = errors;
        IsStrict = isStrict;
        _calls = new CallBinder(this);
    }

    public FieldScope Fields { get; }

    public ErrorList Errors { get; }

    public bool IsStrict { get; }

    public virtual Expression Bind(SyntaxNode node)
    {
        switch (node)
        {
            case LiteralSyntax literal:
                return BindLiteral(literal);
            case PathSyntax path when SystemNames.IsTimestamp(path):
                return new TimeExpression();
            case PathSyntax path:
                return BindPath(path);
            case MemberSyntax member:
                return BindMember(member);
            case StarSyntax star:
                return Fail(star.At, $"{star.Of}.* belongs in the list after SELECT");
            case CallSyntax call:
                return _calls.Bind(call);
            case UnarySyntax { Operator: "NOT" } not:
                return new NotExpression(BindCondition(not.Operand));
            case UnarySyntax { Operator: "~" } flip:
                return new BitwiseNotExpression(BindWhole(flip.Operand));
            case UnarySyntax unary:
                var operand = BindNumber(unary.Operand);
                return unary.Operator == "-" ? new NegateExpression(operand) : operand;
            case BinarySyntax binary:
                return BindBinary(binary);
            case CastSyntax cast:
                return BindCast(cast);
            case CaseSyntax choice:
                return BindCase(choice);
            case BrokenSyntax:
                return Unknown;
            default:
                return BindPredicate(node);
        }
    }

    public Expression BindCondition(SyntaxNode node)
    {
        var condition = Bind(node);
        if (condition.Kind is not (null or ValueKind.Bit or ValueKind.Null))
        {
            Errors.Add(node.At, $"a condition was expected, this is {KindName.Of(condition.Kind.Value)}");
        }

        return condition;
    }

    public Expression Fail(Position at, string message)
    {
        Errors.Add(at, message);
        return Unknown;
    }

    public abstract Expression BindAggregate(CallSyntax call);

    /// <summary>A call that looks at earlier events.</summary>
    public abstract Expression BindAnalytic(CallSyntax call);

    /// <summary>System.Window().</summary>
    public virtual Expression BindWindow(CallSyntax call) =>
        Fail(call.At, "System.Window() belongs in SELECT or HAVING of a query with GROUP BY and a window");

    protected abstract Expression BindPath(PathSyntax path);

    private static UnknownExpression Unknown { get; } = new();

    private Expression BindNumber(SyntaxNode node)
    {
        var number = Bind(node);
        if (number.Kind is not (null or ValueKind.Bigint or ValueKind.Float or ValueKind.Null))
        {
            Errors.Add(node.At, $"a number was expected, this is {KindName.Of(number.Kind.Value)}");
        }

        return number;
    }

    /// <summary>An operand of &amp; | ^ ~.</summary>
    private Expression BindWhole(SyntaxNode node)
    {
        var whole = Bind(node);
        var isWhole = whole.Kind is null or ValueKind.Null or ValueKind.Bit or ValueKind.Bigint
            || (!IsStrict && OperandRules.MayShowNumber(whole));
        return isWhole
            ? whole
            : Fail(node.At, $"bit or bigint was expected, this is {KindName.Of(whole.Kind!.Value)}: CAST says which");
    }

    /// <summary>A field of what a call gives.</summary>
    protected virtual Expression BindMember(MemberSyntax member)
    {
        var of = Bind(member.Of);
        return of.Kind is null or ValueKind.Record or ValueKind.Null
            ? new MemberExpression(of, member.Name)
            : Fail(member.At, $"'.{member.Name}' needs a record, this is {KindName.Of(of.Kind.Value)}");
    }

    private Expression BindLiteral(LiteralSyntax literal)
    {
        switch (literal.Kind)
        {
            case LiteralKind.Null:
                return ConstantExpression.Null;
            case LiteralKind.True or LiteralKind.False:
                return new ConstantExpression(ValueKind.Bit, literal.Kind == LiteralKind.True ? 1 : 0, []);
            case LiteralKind.Text:
                return ConstantExpression.Text(literal.Text);
            default:
                // ".5" is a number here, in JSON it is not.
                var text = literal.Text.Replace("-.", "-0.", StringComparison.Ordinal);
                text = text.StartsWith('.') ? "0" + text : text;
                return NumberText.TryParse(Encoding.UTF8.GetBytes(text), out var number)
                    ? new ConstantExpression(number.Kind, number.Bits, [])
                    : Fail(literal.At, $"{literal.Text} is outside the range of bigint and float");
        }
    }

    private Expression BindBinary(BinarySyntax binary)
    {
        switch (binary.Operator)
        {
            case "AND":
                return new AndExpression(BindCondition(binary.Left), BindCondition(binary.Right));
            case "OR":
                return new OrExpression(BindCondition(binary.Left), BindCondition(binary.Right));
            case "+" or "-" or "*" or "/" or "%":
                return BindArithmetic(binary);
            case "&" or "|" or "^":
                return new BitwiseExpression(binary.Operator[0], BindWhole(binary.Left), BindWhole(binary.Right));
            default:
                var kind = binary.Operator switch
                {
                    "=" => ComparisonOperator.Equal,
                    "<>" => ComparisonOperator.NotEqual,
                    "<" => ComparisonOperator.Less,
                    "<=" => ComparisonOperator.LessOrEqual,
                    ">" => ComparisonOperator.Greater,
                    _ => ComparisonOperator.GreaterOrEqual,
                };
                return BindComparison(kind, Bind(binary.Left), Bind(binary.Right), binary.At);
        }
    }

    private ArithmeticExpression BindArithmetic(BinarySyntax binary)
    {
        var left = Bind(binary.Left);
        var right = Bind(binary.Right);
        if (binary.Operator == "+" && OperandRules.MayJoin(left, right))
        {
            return new ArithmeticExpression('+', left, right);
        }

        foreach (var (side, other, node) in new[] { (left, right, binary.Left), (right, left, binary.Right) })
        {
            if (!OperandRules.MayCompute(side, other, IsStrict))
            {
                Errors.Add(node.At, $"{binary.Operator} needs numbers, this is {KindName.Of(side.Kind!.Value)}");
            }
        }

        return new ArithmeticExpression(binary.Operator[0], left, right);
    }

    /// <summary>An expression that is compared with another.</summary>
    private Expression BindBeside(Expression other, SyntaxNode node)
    {
        var expression = Bind(node);
        BindComparison(ComparisonOperator.Equal, other, expression, node.At);
        return expression;
    }

    private ComparisonExpression BindComparison(
        ComparisonOperator kind, Expression left, Expression right, Position at)
    {
        if (!OperandRules.MayCompare(left, right, IsStrict))
        {
            Errors.Add(at, $"{KindName.Of(left.Kind!.Value)} cannot be compared with {KindName.Of(right.Kind!.Value)}");
        }

        return new ComparisonExpression(kind, left, right);
    }

    private Expression BindPredicate(SyntaxNode node)
    {
        switch (node)
        {
            case IsNullSyntax isNull:
                return new IsNullExpression(Bind(isNull.Operand), isNull.Not);
            case InSyntax list:
                var operand = Bind(list.Operand);
                var items = list.Items.Select(item => BindBeside(operand, item)).ToArray();
                return Negate(new InExpression(operand, items), list.Not);
            case BetweenSyntax between:
                var value = Bind(between.Operand);
                var inside = new BetweenExpression(
                    value, BindBeside(value, between.Low), BindBeside(value, between.High));
                return Negate(inside, between.Not);
            case LikeSyntax like:
                return Negate(new LikeExpression(BindText(like.Operand), BindText(like.Pattern)), like.Not);
            default:
                return Fail(node.At, "an expression was expected");
        }
    }

    private Expression BindText(SyntaxNode node)
    {
        var text = Bind(node);
        return text.Kind is null or ValueKind.Text or ValueKind.Null
            || (!IsStrict && OperandRules.IsNumber(text.Kind.Value))
            ? text
            : Fail(node.At, $"LIKE needs nvarchar(max), this is {KindName.Of(text.Kind.Value)}");
    }

    private static Expression Negate(Expression condition, bool not) => not ? new NotExpression(condition) : condition;

    private Expression BindCase(CaseSyntax choice)
    {
        var subject = choice.Subject is null ? null : Bind(choice.Subject);
        var branches = choice.Branches
            .Select(b => (subject is null ? BindCondition(b.When) : BindBeside(subject, b.When), Bind(b.Then)))
            .ToArray();
        var otherwise = choice.Else is null ? ConstantExpression.Null : Bind(choice.Else);
        return subject is null
            ? new CaseExpression(branches, otherwise)
            : new SimpleCaseExpression(subject, branches, otherwise);
    }

    private Expression BindCast(CastSyntax cast)
    {
        var operand = Bind(cast.Operand);
        ValueKind? to = cast.Type.ToLower(CultureInfo.InvariantCulture) switch
        {
            "bigint" => ValueKind.Bigint,
            "float" => ValueKind.Float,
            "nvarchar" => ValueKind.Text,
            "bit" => ValueKind.Bit,
            "datetime" => ValueKind.Datetime,
            "record" => ValueKind.Record,
            "array" => ValueKind.Array,
            _ => null,
        };
        if (to is null)
        {
            return Fail(
                cast.TypeAt,
                $"unknown type '{cast.Type}': bigint, float, nvarchar(max), bit, datetime, record or array was "
                    + "expected");
        }

        if (operand.Kind is { } from && !OperandRules.MayCast(from, to.Value))
        {
            var hint = from == ValueKind.Text && to == ValueKind.Record ? ": JSON_PARSE reads one" : "";
            Errors.Add(cast.At, $"{KindName.Of(from)} cannot be cast to {KindName.Of(to.Value)}{hint}");
        }

        return new CastExpression(operand, to.Value, cast.Try);
    }
}
