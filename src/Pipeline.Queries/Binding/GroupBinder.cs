using Pipeline.Queries.Aggregates;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Operators;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Windows;

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

    private readonly NamedWindow[] _windows;
    private readonly AggregateBinder _binder;

    public GroupBinder(RowBinder rows, NamedWindow[] windows)
        : base(rows.Fields, rows.Errors, rows.IsStrict) =>
        (_rows, _windows, _binder) = (rows, windows, new AggregateBinder(rows));

    public IReadOnlyList<Expression> GroupBy => _groupBy;

    public IReadOnlyList<Aggregate> Aggregates => _aggregates;

    /// <summary>Columns of SELECT, whose names HAVING may use.</summary>
    public IReadOnlyList<OutputColumn> Results { get; set; } = [];

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
            if (_binder.Bind(call) is not { } aggregate)
            {
                return new UnknownExpression();
            }

            index = _aggregates.Count;
            _known.Add(text, index);
            _aggregates.Add(aggregate);
        }

        return new AggregateExpression(index, _aggregates[index]);
    }

    public override Expression BindAnalytic(CallSyntax call) => _rows.BindAnalytic(call);

    public override Expression BindWindow(CallSyntax call) => call.Arguments.Count == 0 && !call.Star
        ? new WindowExpression(_windows)
        : Fail(call.At, "System.Window() takes no arguments");

    protected override Expression BindPath(PathSyntax path)
    {
        if (path.Steps.Count == 1 && Result(path.Steps[0].Name!) is { } result)
        {
            return result;
        }

        if (!Fields.IsEvent(path))
        {
            Fields.Resolve(path);
        }

        return Fail(path.At, $"'{path}' must be in GROUP BY or inside an aggregate such as MAX({path})");
    }

    private Expression? Result(string name) =>
        (Results.FirstOrDefault(c => c.Name == name)
            ?? Results.FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))?.Expression;
}
