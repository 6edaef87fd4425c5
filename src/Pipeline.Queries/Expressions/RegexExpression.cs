using System.Text.RegularExpressions;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Expressions;

/// <summary>A regular expression that is an argument; it has no value of its own.</summary>
internal sealed class RegexExpression(Regex regex) : Expression
{
    public Regex Regex => regex;

    public override Value Evaluate(scoped in Row row) => Value.Null;
}
