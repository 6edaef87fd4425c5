using Pipeline.Queries.Expressions;
using Pipeline.Queries.Operators;
using Pipeline.Queries.Syntax;

namespace Pipeline.Queries.Binding;

/// <summary>Checks the list after SELECT and names its columns.</summary>
internal sealed class ProjectionBinder(QuerySyntax query, ExpressionBinder binder, ErrorList errors)
{
    public Projection Bind(bool allowStar)
    {
        var stars = new List<StarItem>();
        var columns = new List<OutputColumn>();
        foreach (var item in query.Select)
        {
            if (item.Expression is null or StarSyntax)
            {
                AddStar(stars, item, columns.Count, allowStar);
            }
            else
            {
                Add(columns, item, item.Expression);
            }
        }

        return new Projection([.. stars], [.. columns]);
    }

    private void AddStar(List<StarItem> stars, SelectItem item, int before, bool isAllowed)
    {
        var of = (item.Expression as StarSyntax)?.Of;
        var record = of is null || binder.Fields.IsEvent(of) || !isAllowed ? null : binder.Bind(of) as FieldExpression;
        if (!isAllowed)
        {
            var star = of is null ? "*" : $"{of}.*";
            errors.Add(item.At, $"SELECT {star} has no meaning with GROUP BY: name the columns");
        }
        else if (item.Alias is not null)
        {
            errors.Add(item.At, $"a star stands for many columns, it cannot be named '{item.Alias}'");
        }
        else if (record is null && stars.Exists(star => star.Record is null))
        {
            errors.Add(item.At, "a second *");
        }

        stars.Add(new StarItem(record, before));
    }

    private void Add(List<OutputColumn> columns, SelectItem item, SyntaxNode expression)
    {
        var bound = binder.Bind(expression);
        var name = item.Alias ?? NameOf(expression);
        if (name is null)
        {
            errors.Add(item.At, "this expression needs a name: AS name was expected behind it");
        }
        else if (columns.Exists(c => c.Name == name))
        {
            errors.Add(item.At, $"a second column '{name}'");
        }
        else
        {
            columns.Add(new OutputColumn(name, bound));
        }
    }

    /// <summary>A column has its own name, a call its function's in small letters.</summary>
    private static string? NameOf(SyntaxNode node) => node switch
    {
        PathSyntax path => path.Steps[^1].Name,
        MemberSyntax member => member.Name,
        CallSyntax call => call.Name[(call.Name.LastIndexOf('.') + 1)..].ToLowerInvariant(),
        _ => null,
    };
}
