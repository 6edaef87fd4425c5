using Pipeline.Queries.Expressions;
using Pipeline.Queries.Joins;
using Pipeline.Queries.Syntax;

namespace Pipeline.Queries.Binding;

/// <summary>
/// Takes ON apart: what must be equal on both sides, how far their times may lie apart (DATEDIFF of both names), and
/// what else must be true.
/// </summary>
internal sealed class JoinCondition(string left, string right, Func<ErrorList, FieldScope> scope, bool isStrict)
{
    private readonly List<(SyntaxNode Left, SyntaxNode Right)> _equal = [];
    private readonly List<JoinBound> _bounds = [];
    private readonly List<SyntaxNode> _others = [];

    /// <summary>What must be equal, the left side's first.</summary>
    public IReadOnlyList<(SyntaxNode Left, SyntaxNode Right)> Equal => _equal;

    public IReadOnlyList<JoinBound> Bounds => _bounds;

    /// <summary>Reads a condition; all its mistakes are reported.</summary>
    public void Read(SyntaxNode on, ErrorList errors)
    {
        foreach (var part in Parts(on))
        {
            if (JoinTimes.TryRead(part, left, right, errors, out var bound))
            {
                _bounds.AddRange(bound is { } known ? [known] : []);
            }
            else if (part is BinarySyntax { Operator: "=" } equal && Sides(equal) is { } sides)
            {
                _equal.Add(sides);
            }
            else
            {
                _others.Add(part);
            }
        }
    }

    /// <summary>What else must be true; null: nothing.</summary>
    public Expression? BindOthers(RowBinder binder)
    {
        Expression? all = null;
        foreach (var other in _others)
        {
            var condition = binder.BindCondition(other);
            all = all is null ? condition : new AndExpression(all, condition);
        }

        return all;
    }

    /// <summary>Both operands, the left side's first; null where one does not belong to one side alone.</summary>
    private (SyntaxNode Left, SyntaxNode Right)? Sides(BinarySyntax equal) =>
        (SideOf(equal.Left), SideOf(equal.Right)) switch
        {
            (true, false) => (equal.Left, equal.Right),
            (false, true) => (equal.Right, equal.Left),
            _ => null,
        };

    /// <summary>Whether an operand reads the left side alone (true), or the right (false).</summary>
    private bool? SideOf(SyntaxNode node)
    {
        var errors = new ErrorList();
        var fields = scope(errors);
        new RowBinder(fields, errors, isStrict).Bind(node);
        var names = fields.Paths.Select(static path => path.Steps[0].Name).Distinct().ToList();
        return errors.Count > 0 || names.Count != 1 ? null
            : names[0] == left ? true
            : names[0] == right ? false
            : null;
    }

    /// <summary>What stands between the ANDs.</summary>
    private static IEnumerable<SyntaxNode> Parts(SyntaxNode node)
    {
        var rest = new Stack<SyntaxNode>([node]);
        while (rest.TryPop(out var next))
        {
            if (next is BinarySyntax { Operator: "AND" } both)
            {
                rest.Push(both.Right);
                rest.Push(both.Left);
            }
            else
            {
                yield return next;
            }
        }
    }
}
