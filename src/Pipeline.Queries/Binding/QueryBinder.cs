using Pipeline.Kernel.Stages;
using Pipeline.Queries.Analytics;
using Pipeline.Queries.Compilation;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Operators;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Windows;

namespace Pipeline.Queries.Binding;

/// <summary>Checks a query against its sources and makes the plan of its operator.</summary>
internal sealed class QueryBinder(QuerySyntax query, QueryOptions options, ErrorList errors)
{
    private long Lateness => Math.Clamp(options.Lateness.Ticks, 0, TimeSpan.TicksPerDay * 36500);

    /// <summary>The compiled query; only of use where no error was reported.</summary>
    public CompiledQuery Bind()
    {
        if (query.Join is { } join)
        {
            var joined = new JoinBinder(query, join, options, errors);
            return joined.Bind(BindRows(joined.Rows, null));
        }

        var source = SourceNames.Find(query.Source, query.SourceAt, options, errors);
        var known = source is null ? null : options.Sources[source];
        var events = new FieldScope(source ?? query.Source ?? "", query.Alias, known, errors);
        var fields = query.Applies.Count == 0
            ? events
            : new FieldScope(events.Source, query.Alias, ApplyBinder.Columns(query, known), errors)
            {
                Applied = [.. query.Applies.Select(apply => apply.Name)],
            };
        var timestamp = TimestampBinder.Bind(
            query.Timestamp, new FieldScope(events.Source, query.Alias, known, errors), options.IsStrict, errors);
        var bound = BindRows(fields, timestamp);
        return query.Applies.Count == 0
            ? bound
            : new ApplyBinder(query, events, options.IsStrict, errors).Bind(bound, fields);
    }

    /// <summary>All but where the rows come from.</summary>
    private SqlQuery BindRows(FieldScope fields, (ITimestamp Timestamp, string? Path)? timestamp)
    {
        var rows = CreateRows(fields);
        var where = query.Where is null ? null : rows.BindCondition(query.Where);
        return query.GroupBy is null
            ? BindSelect(rows, timestamp, where)
            : BindWindow(rows, timestamp, where, query.GroupBy);
    }

    private RowBinder CreateRows(FieldScope fields)
    {
        if (query.GroupBy is not null)
        {
            return new RowBinder(fields, errors, options.IsStrict)
            {
                NoAnalytics = "cannot stand beside GROUP BY: make it a column of a step of WITH, or of a stage, before",
            };
        }

        var inner = new RowBinder(fields, errors, options.IsStrict)
        {
            NoAnalytics = "cannot stand inside a call that looks at earlier events itself",
        };
        return new RowBinder(fields, errors, options.IsStrict) { Analytics = new AnalyticBinder(inner) };
    }

    private SqlQuery BindSelect(RowBinder rows, (ITimestamp Timestamp, string? Path)? timestamp, Expression? where)
    {
        if (query.Having is not null)
        {
            // Without groups HAVING is a WHERE.
            var having = rows.BindCondition(query.Having);
            where = where is null ? having : new AndExpression(where, having);
        }

        var projection = new ProjectionBinder(query, rows, errors).Bind(allowStar: true);
        var columns = projection.Names(rows.Fields.Columns);
        var key = BindKey(projection, columns);
        AnalyticTerm[] analytics = [.. rows.Analytics?.Terms ?? []];
        var plan = new SelectPlan(
            rows.Fields.CreateReader(), analytics, Lateness, where, projection, key, options.MostResultBytes,
            options.IsStrict);
        return new SqlQuery(() => new SelectOperator(plan))
        {
            SourceName = rows.Fields.Source,
            IntoName = query.Into,
            Time = timestamp?.Timestamp,
            TimePath = timestamp?.Path,
            ColumnNames = columns,
            Analytics = analytics,
            SourceNames = rows.Fields.Columns,
            Projection = projection,
        };
    }

    private SqlQuery BindWindow(
        RowBinder rows, (ITimestamp Timestamp, string? Path)? timestamp, Expression? where, List<SyntaxNode> groupBy)
    {
        ContentShape? content = null;
        var windows = FindWindows(groupBy, call => content = new ContentBinder(rows).Bind(call));
        var groups = new GroupBinder(rows, windows ?? []);
        var isSnapshot = content is null && windows is [{ Id: null } only]
            && only.Shape == WindowBinder.Snapshot;
        foreach (var node in groupBy)
        {
            if (!IsWindow(node) && !(isSnapshot && SystemNames.IsTimestamp(node)))
            {
                groups.AddGroup(node);
            }
        }

        if (windows is null && errors.Count == 0)
        {
            errors.Add(
                query.GroupByAt, "GROUP BY needs a window such as TumblingWindow(second, 10): a stream has no end");
        }

        var projection = new ProjectionBinder(query, groups, errors).Bind(allowStar: false);
        groups.Results = projection.Columns;
        var having = query.Having is null ? null : groups.BindCondition(query.Having);
        string[] columns = [.. projection.Columns.Select(c => c.Name)];
        var key = BindKey(projection, columns);
        var plan = new WindowPlan(
            rows.Fields.CreateReader(), where, [.. groups.GroupBy], [.. groups.Aggregates], windows ?? [],
            Lateness, having, projection, key,
            options.MostResultBytes, options.IsStrict)
        {
            Content = content,
        };
        return new SqlQuery(() => content is null ? new WindowOperator(plan) : new ContentOperator(plan))
        {
            SourceName = rows.Fields.Source,
            IntoName = query.Into,
            Time = timestamp?.Timestamp,
            TimePath = timestamp?.Path,
            ColumnNames = columns,
            Groups = groups.GroupBy,
            WindowsBy = content?.PartitionBy,
            Projection = projection,
        };
    }

    /// <summary>
    /// The windows of GROUP BY, or null. System.Timestamp() is one where there is no other; else it is a value to group
    /// by.
    /// </summary>
    private NamedWindow[]? FindWindows(List<SyntaxNode> groupBy, Action<CallSyntax> bindContent)
    {
        var calls = groupBy.Where(IsWindow).Cast<CallSyntax>().ToList();
        foreach (var call in calls.Skip(1))
        {
            errors.Add(call.At, "a second window: GROUP BY takes one, or Windows(…)");
        }

        if (calls.Count > 0 && ContentBinder.IsContent(calls[0].Name))
        {
            bindContent(calls[0]);
            return [new NamedWindow(WindowBinder.Snapshot, null)];
        }

        return calls.Count > 0 ? new WindowBinder(errors).Bind(calls[0])
            : groupBy.Exists(SystemNames.IsTimestamp) ? [new NamedWindow(WindowBinder.Snapshot, null)]
            : null;
    }

    private static bool IsWindow(SyntaxNode node) => node is CallSyntax call && WindowBinder.IsWindow(call.Name);

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
