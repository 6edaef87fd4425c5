using Pipeline.Kernel.Stages;
using Pipeline.Queries.Compilation;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Operators;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Values;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Binding;

/// <summary>Checks a query against its sources and makes the plan of its operator.</summary>
internal sealed class QueryBinder(QuerySyntax query, QueryOptions options, ErrorList errors)
{
    /// <summary>The compiled query; only of use where no error was reported.</summary>
    public CompiledQuery Bind()
    {
        var source = FindSource();
        var known = source is null ? null : options.Sources[source];
        var fields = new FieldScope(source ?? query.Source ?? "", query.Alias, known, errors);
        var rows = new RowBinder(fields, errors);
        var timestamp = BindTimestamp(new FieldScope(fields.Source, query.Alias, known, errors));
        var where = query.Where is null ? null : rows.BindCondition(query.Where);
        return query.GroupBy is null
            ? BindSelect(rows, timestamp, where)
            : BindWindow(rows, timestamp, where, query.GroupBy);
    }

    private string? FindSource()
    {
        if (query.Source is not { } name)
        {
            return null;
        }

        var found = options.Sources.ContainsKey(name) ? name
            : options.Sources.Keys.Where(s => s.Equals(name, StringComparison.OrdinalIgnoreCase))
                .Order(StringComparer.Ordinal).FirstOrDefault();
        if (found is null)
        {
            var names = options.Sources.Keys.Order(StringComparer.Ordinal).ToList();
            errors.Add(query.SourceAt, $"unknown stream or stage '{name}': "
                + (names.Count == 0 ? "there is none" : $"{string.Join(", ", names)} was expected"));
        }

        return found;
    }

    private (ITimestamp Timestamp, string? Path)? BindTimestamp(FieldScope fields)
    {
        if (query.Timestamp is null)
        {
            return null;
        }

        var time = new RowBinder(fields, errors).Bind(query.Timestamp);
        if (time.Kind is not (null or ValueKind.Datetime or ValueKind.Text))
        {
            errors.Add(
                query.Timestamp.At, $"TIMESTAMP BY: a datetime was expected, this is {KindName.Of(time.Kind.Value)}");
        }

        return time is FieldExpression field
            ? (new FieldTimestamp(field.Path), field.Path.ToString())
            : (new ExpressionTimestamp(fields.CreateReader(), time), null);
    }

    private SqlQuery BindSelect(RowBinder rows, (ITimestamp Timestamp, string? Path)? timestamp, Expression? where)
    {
        if (query.Having is not null)
        {
            errors.Add(query.Having.At, "HAVING needs GROUP BY with a window; WHERE filters events");
        }

        var projection = new ProjectionBinder(query, rows, errors).Bind(allowStar: true);
        var columns = !projection.Star ? [.. projection.Columns.Select(c => c.Name)]
            : rows.Fields.Columns is null ? null
            : rows.Fields.Columns.Where(c => !projection.Replaces(System.Text.Encoding.UTF8.GetBytes(c)))
                .Concat(projection.Columns.Select(c => c.Name)).ToArray();
        var key = BindKey(projection, columns);
        var plan = new SelectPlan(rows.Fields.CreateReader(), where, projection, key, options.MostResultBytes);
        return new SqlQuery(() => new SelectOperator(plan))
        {
            SourceName = rows.Fields.Source,
            IntoName = query.Into,
            Time = timestamp?.Timestamp,
            TimePath = timestamp?.Path,
            ColumnNames = columns,
            Projection = projection,
        };
    }

    private SqlQuery BindWindow(
        RowBinder rows, (ITimestamp Timestamp, string? Path)? timestamp, Expression? where, List<SyntaxNode> groupBy)
    {
        var groups = new GroupBinder(rows);
        WindowShape? shape = null;
        foreach (var node in groupBy)
        {
            if (node is not CallSyntax call || !WindowBinder.IsWindow(call.Name))
            {
                groups.AddGroup(node);
            }
            else if (shape is not null)
            {
                errors.Add(call.At, "a second window: GROUP BY takes one");
            }
            else
            {
                shape = new WindowBinder(errors).Bind(call) ?? new WindowShape(1, 1, 0);
            }
        }

        if (shape is null && errors.Count == 0)
        {
            errors.Add(
                query.GroupByAt, "GROUP BY needs a window such as TumblingWindow(second, 10): a stream has no end");
        }

        var projection = new ProjectionBinder(query, groups, errors).Bind(allowStar: false);
        var having = query.Having is null ? null : groups.BindCondition(query.Having);
        string[] columns = [.. projection.Columns.Select(c => c.Name)];
        var key = BindKey(projection, columns);
        var plan = new WindowPlan(
            rows.Fields.CreateReader(), where, [.. groups.GroupBy], [.. groups.Aggregates], shape ?? default,
            Math.Clamp(options.Lateness.Ticks, 0, TimeSpan.TicksPerDay * 36500), having, projection, key,
            options.MostResultBytes);
        return new SqlQuery(() => new WindowOperator(plan))
        {
            SourceName = rows.Fields.Source,
            IntoName = query.Into,
            Time = timestamp?.Timestamp,
            TimePath = timestamp?.Path,
            ColumnNames = columns,
            Groups = groups.GroupBy,
            Projection = projection,
        };
    }

    /// <summary>Finds the key in the result.</summary>
    private OutputKey? BindKey(Projection projection, IReadOnlyList<string>? columns)
    {
        if (options.Key is not { } path)
        {
            return null;
        }

        if (!JsonPath.TryParse(path, out var parsed, out var error))
        {
            errors.Add(new Position(1, 1), $"key '{path}': {error}");
            return null;
        }

        var name = parsed.Steps[0].Name!;
        var known = columns?.FirstOrDefault(c => c == name)
            ?? columns?.FirstOrDefault(c => c.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (columns is not null && known is null)
        {
            errors.Add(new Position(1, 1), $"key '{path}' is no column of the result: {string.Join(", ", columns)}");
        }

        var column = parsed.Steps.Count == 1
            ? Array.FindIndex(projection.Columns, c => c.Name == (known ?? name))
            : -1;
        return new OutputKey(path, column, new KeyReader(parsed), options.IsKeyOptional);
    }
}
