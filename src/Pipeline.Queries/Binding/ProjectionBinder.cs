using Pipeline.Queries.Operators;
using Pipeline.Queries.Syntax;

namespace Pipeline.Queries.Binding;

/// <summary>Checks the list after SELECT and names its columns.</summary>
internal sealed class ProjectionBinder(QuerySyntax query, ExpressionBinder binder, ErrorList errors)
{
    public Projection Bind(bool allowStar)
    {
        var star = false;
        var columns = new List<OutputColumn>();
        foreach (var item in query.Select)
        {
            if (item.Expression is { } expression)
            {
                Add(columns, item, expression);
                continue;
            }

            if (!allowStar || star)
            {
                errors.Add(
                    item.At, allowStar ? "a second *" : "SELECT * has no meaning with GROUP BY: name the columns");
            }

            star = true;
        }

        return new Projection(star, [.. columns]);
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
        CallSyntax call => call.Name[(call.Name.LastIndexOf('.') + 1)..].ToLowerInvariant(),
        _ => null,
    };
}
