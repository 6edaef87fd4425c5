using System.Globalization;
using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Binding;

/// <summary>Checks an aggregate's call and makes what is kept of each event for it.</summary>
internal sealed class AggregateBinder(RowBinder rows)
{
    private const int MostRanks = 10_000;
    private const int MostTerms = 16;

    public Aggregate? Bind(CallSyntax call)
    {
        var kind = AggregateNames.KindOf(call.Name)!.Value;
        if (call.Distinct && kind != AggregateKind.Count)
        {
            return Fail(call.At, $"{call.Name}(DISTINCT …) is not supported yet, only COUNT(DISTINCT …)");
        }

        return kind switch
        {
            AggregateKind.Count => BindCount(call),
            AggregateKind.Collect => BindCollect(call),
            AggregateKind.TopOne or AggregateKind.CollectTop => BindRanked(call, kind),
            AggregateKind.PercentileCont or AggregateKind.PercentileDisc => BindPercentile(call, kind),
            _ => BindPlain(call, kind),
        };
    }

    private Aggregate? BindCount(CallSyntax call)
    {
        if (!call.Distinct && call.Arguments.Count == 0)
        {
            return new Aggregate(AggregateKind.CountRows, null);
        }

        if (call.Star || call.Arguments.Count != 1)
        {
            return Fail(call.At, $"{call.Name} takes one argument: COUNT(*), COUNT(x) or COUNT(DISTINCT x)");
        }

        var argument = rows.Bind(call.Arguments[0]);
        return call.Distinct ? new Aggregate(AggregateKind.CountDistinct, argument)
            : argument is EventExpression ? new Aggregate(AggregateKind.CountRows, null)
            : new Aggregate(AggregateKind.Count, argument);
    }

    private Aggregate? BindPlain(CallSyntax call, AggregateKind kind)
    {
        if (call.Star || call.Arguments.Count != 1)
        {
            return Fail(call.At, $"{call.Name} takes one argument: {call.Name}(x)");
        }

        var argument = rows.Bind(call.Arguments[0]);
        var isExtreme = kind is AggregateKind.Min or AggregateKind.Max;
        var isNumber = argument.Kind is null or ValueKind.Null or ValueKind.Bigint or ValueKind.Float
            || (!rows.IsStrict && OperandRules.MayShowNumber(argument));
        if (!isExtreme && !isNumber)
        {
            return Fail(
                call.Arguments[0].At,
                $"{call.Name}: a number was expected, this is {KindName.Of(argument.Kind!.Value)}");
        }

        // MIN and MAX compare as texts only what is one for certain, as after CAST(… AS nvarchar(max)).
        return new Aggregate(
            kind,
            argument.Kind is null || (!isExtreme && argument.Kind == ValueKind.Text)
                ? new ShownNumberExpression(call.Name.ToUpperInvariant(), argument, isExtreme)
                : argument);
    }

    private Aggregate? BindCollect(CallSyntax call) => call.Star || call.Arguments.Count > 1
        ? Fail(call.At, "Collect takes one argument at most: Collect() or Collect(x)")
        : new Aggregate(AggregateKind.Collect, new JsonExpression(BindValue(call, 0)));

    private Aggregate? BindRanked(CallSyntax call, AggregateKind kind)
    {
        var first = kind == AggregateKind.CollectTop ? 1 : 0;
        if (call.Star || call.Order.Count == 0 || call.Arguments.Count - first is < 0 or > 1)
        {
            var form = first == 0 ? "TopOne([x])" : "CollectTop(count [, x])";
            return Fail(call.At, $"{call.Name}: {form} OVER (ORDER BY column [DESC], …) was expected");
        }

        var ranks = 1;
        if (first == 1 && (call.Arguments[0] is not LiteralSyntax { Kind: LiteralKind.Number } literal
            || !int.TryParse(literal.Text, NumberStyles.None, CultureInfo.InvariantCulture, out ranks)
            || ranks is < 1 or > MostRanks))
        {
            return Fail(call.Arguments[0].At, $"{call.Name}: a whole number from 1 to {MostRanks} was expected");
        }

        if (call.Order.Count > MostTerms)
        {
            return Fail(call.At, $"{call.Name}: ORDER BY takes at most {MostTerms} expressions");
        }

        var terms = call.Order.Select(term => new RankTerm(BindOrder(term), term.Descending)).ToArray();
        return new Aggregate(kind, new RankedExpression(new JsonExpression(BindValue(call, first)), terms))
        {
            Ranks = ranks,
            KeyBytes = terms.Length * RankKey.Bytes,
        };
    }

    private Aggregate? BindPercentile(CallSyntax call, AggregateKind kind)
    {
        decimal fraction = 0;
        if (call.Star || call.Order.Count != 1
            || call.Arguments is not [LiteralSyntax { Kind: LiteralKind.Number } literal]
            || !decimal.TryParse(literal.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out fraction)
            || fraction is < 0 or > 1)
        {
            return Fail(
                call.At,
                $"{call.Name}: {call.Name}(number from 0 to 1) OVER (ORDER BY column [DESC]) was expected");
        }

        var value = rows.Bind(call.Order[0].Expression);
        if (value.Kind is not (null or ValueKind.Null or ValueKind.Bigint or ValueKind.Float))
        {
            return Fail(
                call.Order[0].Expression.At,
                $"{call.Name}: ORDER BY takes bigint or float, this is {KindName.Of(value.Kind.Value)}");
        }

        return new Aggregate(kind, new ShownNumberExpression(call.Name.ToUpperInvariant(), value, false))
        {
            Fraction = fraction,
            Descending = call.Order[0].Descending,
        };
    }

    private Expression BindValue(CallSyntax call, int index) =>
        index < call.Arguments.Count ? rows.Bind(call.Arguments[index]) : rows.Fields.Event();

    private Expression BindOrder(OrderTerm term)
    {
        var bound = rows.Bind(term.Expression);
        return bound.Kind is null or ValueKind.Null or ValueKind.Bigint or ValueKind.Float or ValueKind.Datetime
            ? bound
            : rows.Fail(
                term.Expression.At,
                $"ORDER BY takes bigint, float or datetime, this is {KindName.Of(bound.Kind.Value)}");
    }

    private Aggregate? Fail(Position at, string message)
    {
        rows.Errors.Add(at, message);
        return null;
    }
}
