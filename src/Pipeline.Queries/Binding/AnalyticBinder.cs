using System.Globalization;
using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Analytics;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Binding;

/// <summary>
/// Checks LAG, LAST, ISFIRST and aggregates with what stands in OVER. <paramref name="inner"/> binds what they compute
/// of an
/// event, in which there is no such call.
/// </summary>
internal sealed class AnalyticBinder(RowBinder inner)
{
    private const int MostEvents = 10_000;
    private const long MostTicks = 3650 * TimeSpan.TicksPerDay;

    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly List<AnalyticTerm> _terms = [];
    private readonly WindowLength _length = new(inner.Errors);

    public IReadOnlyList<AnalyticTerm> Terms => _terms;

    public Expression Bind(CallSyntax call)
    {
        var text = SyntaxText.Of(call, inner.Fields);
        if (!_known.TryGetValue(text, out var index))
        {
            if (BindTerm(call) is not { } term)
            {
                return new UnknownExpression();
            }

            index = _terms.Count;
            _known.Add(text, index);
            _terms.Add(term);
        }

        return new AnalyticExpression(index, _terms[index]);
    }

    private AnalyticTerm? BindTerm(CallSyntax call) => AnalyticNames.KindOf(call.Name) switch
    {
        AnalyticKind.IsFirst => BindFirst(call),
        AnalyticKind.Lag => BindLag(call),
        AnalyticKind.Last => BindLast(call),
        _ => BindAggregate(call),
    };

    private AnalyticTerm? BindAggregate(CallSyntax call)
    {
        if (AggregateNames.KindOf(call.Name) is not (AggregateKind.Count or AggregateKind.Sum or AggregateKind.Avg
            or AggregateKind.Min or AggregateKind.Max) || call.Distinct)
        {
            return Fail(call.Over!.At, call.Distinct
                ? $"{call.Name}(DISTINCT …) takes no OVER"
                : $"{call.Name} takes no OVER with LIMIT DURATION: SUM, AVG, MIN, MAX and COUNT do");
        }

        return new AggregateBinder(inner).Bind(call) is { } aggregate
            && BindOver(call, AnalyticKind.Aggregate) is { } term
            ? term with { Argument = aggregate.Argument, Aggregate = aggregate }
            : null;
    }

    private AnalyticTerm? BindLag(CallSyntax call)
    {
        if (call.Distinct || call.Arguments.Count > 3 || (call.Arguments.Count == 0 && !call.Star))
        {
            return Fail(call.At, $"LAG: LAG(x [, offset [, default]]) {Form} was expected");
        }

        var offset = 1;
        if (call.Arguments.Count > 1
            && (call.Arguments[1] is not LiteralSyntax { Kind: LiteralKind.Number } literal
                || !int.TryParse(literal.Text, NumberStyles.None, CultureInfo.InvariantCulture, out offset)
                || offset is < 1 or > MostEvents))
        {
            return Fail(call.Arguments[1].At, $"LAG: a whole number from 1 to {MostEvents} was expected");
        }

        return BindValue(call, AnalyticKind.Lag, 2) is { } term ? term with { Offset = offset } : null;
    }

    private AnalyticTerm? BindLast(CallSyntax call) =>
        call.Distinct || call.Arguments.Count > 2 || (call.Arguments.Count == 0 && !call.Star)
            ? Fail(call.At, $"LAST: LAST(x [, default]) {Form} was expected")
            : BindValue(call, AnalyticKind.Last, 1);

    private AnalyticTerm? BindValue(CallSyntax call, AnalyticKind kind, int defaultAt)
    {
        var argument = call.Star ? inner.Fields.Event() : inner.Bind(call.Arguments[0]);
        var otherwise = call.Arguments.Count > defaultAt ? inner.Bind(call.Arguments[defaultAt]) : null;
        if (otherwise?.Kind is { } one && argument.Kind is { } other && one != other
            && one != ValueKind.Null && other != ValueKind.Null)
        {
            return Fail(
                call.Arguments[defaultAt].At,
                $"{call.Name}: the default must be {KindName.Of(other)} as the value, this is {KindName.Of(one)}");
        }

        return BindOver(call, kind) is { } term ? term with { Argument = argument, Default = otherwise } : null;
    }

    private AnalyticTerm? BindOver(CallSyntax call, AnalyticKind kind)
    {
        if (call.Over?.Limit is not { } limit)
        {
            return Fail(call.At, $"{call.Name}: {Form} was expected behind it");
        }

        var before = inner.Errors.Count;
        var duration = _length.Of(limit, "DURATION");
        if (inner.Errors.Count == before && duration is <= 0 or > MostTicks)
        {
            inner.Errors.Add(limit.At, "LIMIT DURATION: more than nothing and at most 3650 days was expected");
        }

        return BindRest(call, kind, duration);
    }

    private AnalyticTerm? BindFirst(CallSyntax call)
    {
        if (call.Star || call.Distinct || call.Arguments.Count != 2)
        {
            return Fail(call.At, "ISFIRST: ISFIRST(unit, n) [OVER ([PARTITION BY x] [WHEN condition])] was expected");
        }

        if (call.Over?.Limit is { } limit)
        {
            return Fail(limit.At, "ISFIRST takes no LIMIT DURATION: ISFIRST(unit, n) says how long an interval is");
        }

        var before = inner.Errors.Count;
        var duration = _length.Of(call.Arguments[0], call.Arguments[1]);
        if (inner.Errors.Count == before && duration is <= 0 or > MostTicks)
        {
            inner.Errors.Add(call.Arguments[1].At, "ISFIRST: more than nothing and at most 3650 days was expected");
        }

        return BindRest(call, AnalyticKind.IsFirst, duration);
    }

    private AnalyticTerm BindRest(CallSyntax call, AnalyticKind kind, long duration)
    {
        Expression[] partitionBy = [.. call.Over?.PartitionBy.Select(inner.Bind) ?? []];
        var when = call.Over?.When is { } condition ? inner.BindCondition(condition) : null;
        return new AnalyticTerm(kind, partitionBy, when, Math.Max(duration, 1));
    }

    private static string Form => "OVER ([PARTITION BY x] LIMIT DURATION(unit, n) [WHEN condition])";

    private AnalyticTerm? Fail(Position at, string message)
    {
        inner.Errors.Add(at, message);
        return null;
    }
}
