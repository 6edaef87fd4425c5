using System.Text;
using Pipeline.Queries.Compilation;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Operators;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Binding;

/// <summary>
/// Checks CROSS APPLY and OUTER APPLY, and puts what they make before the query that reads their rows. A row has only
/// what is read of it.
/// </summary>
internal sealed class ApplyBinder(QuerySyntax query, FieldScope source, bool isStrict, ErrorList errors)
{
    /// <summary>The columns of the rows; null where those of the source are not known.</summary>
    public static IReadOnlyList<string>? Columns(QuerySyntax query, IReadOnlyList<string>? known) =>
        known is null ? null : [.. known, .. query.Applies.Select(apply => apply.Name)];

    public CompiledQuery Bind(SqlQuery rows, FieldScope read)
    {
        CompiledQuery result = rows;
        var needsAll = read.IsEventUsed || rows.Projection.HasEvent;
        HashSet<string> needed = [.. read.Paths.Select(path => path.Steps[0].Name!)];
        for (var i = query.Applies.Count - 1; i >= 0; i--)
        {
            var apply = query.Applies[i];
            Check(i);
            needed.RemoveWhere(name => name.Equals(apply.Name, StringComparison.OrdinalIgnoreCase));
            var scope = new FieldScope(source.Source, query.Alias, source.Columns, errors)
            {
                Applied = [.. query.Applies.Take(i).Select(before => before.Name)],
            };
            var argument = BindArgument(apply, scope);
            string[] names = [.. needed.Order(StringComparer.Ordinal)];
            var kept = names.Select(name => new KeptField(
                scope.SlotOf(new JsonPath([new JsonStep(name, 0)])), Label(name))).ToArray();
            needed.UnionWith(scope.Paths.Select(path => path.Steps[0].Name!));
            needsAll |= scope.IsEventUsed;
            var plan = new ApplyPlan(
                scope.CreateReader(), argument, IsArray(apply), apply.IsOuter, Encoding.UTF8.GetBytes(apply.Name),
                needsAll ? null : kept, isStrict);
            var isFirst = i == 0;
            var made = new ApplyQuery(
                source.Source, apply.Name, plan, isFirst ? rows.Time : null, isFirst ? rows.TimePath : null);
            result = new ChainQuery(made, result);
        }

        return result;
    }

    private static bool IsArray(ApplySyntax apply) => apply.Call is CallSyntax call
        && call.Name.Equals("GetArrayElements", StringComparison.OrdinalIgnoreCase);

    private Expression BindArgument(ApplySyntax apply, FieldScope scope)
    {
        var isArray = IsArray(apply);
        var isKnown = isArray || (apply.Call is CallSyntax named
            && named.Name.Equals("GetRecordProperties", StringComparison.OrdinalIgnoreCase));
        if (!isKnown
            || apply.Call is not CallSyntax { Arguments.Count: 1, Star: false, Distinct: false, Over: null } call)
        {
            errors.Add(
                apply.Call.At, "GetArrayElements(x) or GetRecordProperties(x), with one argument, was expected");
            return new UnknownExpression();
        }

        var argument = new RowBinder(scope, errors, isStrict).Bind(call.Arguments[0]);
        var expected = isArray ? ValueKind.Array : ValueKind.Record;
        if (argument.Kind is { } kind && kind != expected && kind != ValueKind.Null)
        {
            errors.Add(
                call.Arguments[0].At,
                $"{call.Name}: {KindName.Of(expected)} was expected, this is {KindName.Of(kind)}");
        }

        return argument;
    }

    private void Check(int index)
    {
        var apply = query.Applies[index];
        if (apply.Name.Equals(query.Alias ?? source.Source, StringComparison.OrdinalIgnoreCase)
            || query.Applies.Take(index).Any(a => a.Name.Equals(apply.Name, StringComparison.OrdinalIgnoreCase)))
        {
            errors.Add(apply.At, $"a second '{apply.Name}' in FROM");
        }
    }

    /// <summary>A member's name as JSON, with the colon.</summary>
    internal static byte[] Label(string name)
    {
        var json = new JsonBuffer();
        json.WriteText(Encoding.UTF8.GetBytes(name));
        json.Raw((byte)':');
        return json.Written.ToArray();
    }
}
