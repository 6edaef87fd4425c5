using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Binding;

/// <summary>
/// Expressions over a closed window's groups: GROUP BY's expressions, aggregates, and what is made of them.
/// </summary>
internal sealed class GroupBinder : ExpressionBinder
{
    private readonly RowBinder _rows;
    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly List<Expression> _groupBy = [];
    private readonly List<Aggregate> _aggregates = [];

    public GroupBinder(RowBinder rows)
        : base(rows.Fields, rows.Errors) => _rows = rows;

    public IReadOnlyList<Expression> GroupBy => _groupBy;

    public IReadOnlyList<Aggregate> Aggregates => _aggregates;

    public void AddGroup(SyntaxNode node)
    {
        var expression = _rows.Bind(node);
        if (_groups.TryAdd(SyntaxText.Of(node, Fields), _groupBy.Count))
        {
            _groupBy.Add(expression);
        }
    }

    public override Expression Bind(SyntaxNode node) =>
        node is not LiteralSyntax && _groups.TryGetValue(SyntaxText.Of(node, Fields), out var index)
            ? new GroupExpression(index, _groupBy[index].Kind)
            : base.Bind(node);

    public override Expression BindAggregate(CallSyntax call)
    {
        var text = SyntaxText.Of(call, Fields);
        if (!_known.TryGetValue(text, out var index))
        {
            if (Create(call) is not { } aggregate)
            {
                return new UnknownExpression();
            }

            index = _aggregates.Count;
            _known.Add(text, index);
            _aggregates.Add(aggregate);
        }

        return new AggregateExpression(index, _aggregates[index]);
    }

    protected override Expression BindPath(PathSyntax path)
    {
        Fields.Resolve(path);
        return Fail(path.At, $"'{path}' must be in GROUP BY or inside an aggregate such as MAX({path})");
    }

    private Aggregate? Create(CallSyntax call)
    {
        var kind = AggregateNames.KindOf(call.Name)!.Value;
        if (call.Star && kind == AggregateKind.Count)
        {
            return new Aggregate(AggregateKind.CountRows, null);
        }

        if (call.Star || call.Arguments.Count != 1)
        {
            var form = kind == AggregateKind.Count ? "COUNT(*), COUNT(x) or COUNT(DISTINCT x)" : $"{call.Name}(x)";
            Errors.Add(call.At, $"{call.Name} takes one argument: {form}");
            return null;
        }

        if (call.Distinct && kind != AggregateKind.Count)
        {
            Errors.Add(call.At, $"{call.Name}(DISTINCT …) is not supported yet, only COUNT(DISTINCT …)");
            return null;
        }

        kind = call.Distinct ? AggregateKind.CountDistinct : kind;
        var aggregate = new Aggregate(kind, _rows.Bind(call.Arguments[0]));
        var known = aggregate.Argument!.Kind;
        if (aggregate.NeedsNumbers && known is not (null or ValueKind.Null or ValueKind.Bigint or ValueKind.Float))
        {
            Errors.Add(
                call.Arguments[0].At, $"{call.Name}: a number was expected, this is {KindName.Of(known.Value)}");
        }

        return aggregate;
    }
}
