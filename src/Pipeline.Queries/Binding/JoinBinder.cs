using System.Text;
using Pipeline.Queries.Compilation;
using Pipeline.Queries.Expressions;
using Pipeline.Queries.Joins;
using Pipeline.Queries.Json;
using Pipeline.Queries.Operators;
using Pipeline.Queries.Syntax;
using Pipeline.Queries.Values;

namespace Pipeline.Queries.Binding;

/// <summary>
/// Checks JOIN, and puts what it makes before the query that reads its rows. A row has the event of each side under the
/// side's name, so that the rest of the query reads fields as of any other.
/// </summary>
internal sealed class JoinBinder
{
    private readonly QuerySyntax _query;
    private readonly JoinSyntax _join;
    private readonly QueryOptions _options;
    private readonly ErrorList _errors;
    private readonly string _left;
    private readonly string _right;
    private readonly FieldScope _leftEvents;
    private readonly FieldScope _rightEvents;

    public JoinBinder(QuerySyntax query, JoinSyntax join, QueryOptions options, ErrorList errors)
    {
        (_query, _join, _options, _errors) = (query, join, options, errors);
        _left = query.Alias ?? query.Source ?? "";
        _right = join.Name;
        _leftEvents = Events(query.Source, query.SourceAt, query.Alias);
        _rightEvents = Events(join.Source, join.SourceAt, join.Alias);
        if (_left.Equals(_right, StringComparison.OrdinalIgnoreCase))
        {
            errors.Add(join.SourceAt, $"a second '{_right}' in FROM: AS gives one of them another name");
            _right += "'";
        }

        if (JoinSideQuery.Key.Equals(_left, StringComparison.OrdinalIgnoreCase)
            || JoinSideQuery.Key.Equals(_right, StringComparison.OrdinalIgnoreCase))
        {
            errors.Add(join.At, $"no source of a JOIN can be named '{JoinSideQuery.Key}': AS gives it another name");
        }

        Rows = Scope(errors);
    }

    /// <summary>What the rest of the query reads.</summary>
    public FieldScope Rows { get; }

    public CompiledQuery Bind(SqlQuery rest)
    {
        var condition = new JoinCondition(_left, _right, Scope, _options.IsStrict);
        if (_join.On is not null)
        {
            condition.Read(_join.On, _errors);
            CheckTimes(condition);
        }

        var fields = Scope(_errors);
        var binder = new RowBinder(fields, _errors, _options.IsStrict);
        var others = condition.BindOthers(binder);
        var (leftKeys, rightKeys) = (Scope(_errors), Scope(_errors));
        var keys = condition.Equal.Select(equal => Bind(leftKeys, rightKeys, equal)).ToList();
        var plan = new JoinPlan(
            fields.CreateReader(),
            new JoinSide(Label(_left), leftKeys.CreateReader(), [.. keys.Select(static key => key.Left)]),
            new JoinSide(Label(_right), rightKeys.CreateReader(), [.. keys.Select(static key => key.Right)]),
            new JoinBounds(condition.Bounds),
            others,
            _join.IsLeft,
            Math.Clamp(_options.Lateness.Ticks, 0, TimeSpan.TicksPerDay * 36500),
            _options.IsStrict);
        var first = condition.Equal.Count > 0 ? condition.Equal[0] : default;
        List<JsonPath> read = [.. Rows.Paths, .. fields.Paths, .. leftKeys.Paths, .. rightKeys.Paths];
        var needsAll = Rows.IsEventUsed || rest.Projection.HasEvent;
        var made = new JoinQuery(plan)
        {
            Sides =
            [
                Side(_leftEvents, _left, _query.Timestamp, first.Left, Kept(_left), _join.IsLeft),
                Side(_rightEvents, _right, _join.Timestamp, first.Right, Kept(_right), keepsUnmatched: false),
            ],
            IsKeyed = condition.Equal.Count > 0,
            KeyPaths = keys.Count == 0 ? [] : [.. PathsOf(keys[0])],
        };
        return new ChainQuery(made, rest);

        List<string>? Kept(string side) => needsAll ? null : FieldsOf(side, read);
    }

    private FieldScope Events(string? name, Position at, string? alias)
    {
        var source = SourceNames.Find(name, at, _options, _errors);
        return new FieldScope(
            source ?? name ?? "", alias, source is null ? null : _options.Sources[source], _errors);
    }

    private FieldScope Scope(ErrorList errors) => new("JOIN", null, [_left, _right], errors)
    {
        Joined = new Dictionary<string, IReadOnlyList<string>?>
        {
            [_left] = _leftEvents.Columns,
            [_right] = _rightEvents.Columns,
        },
    };

    /// <summary>How long an event is kept follows from how far apart the times may lie, both ways.</summary>
    private void CheckTimes(JoinCondition condition)
    {
        var bounds = condition.Bounds;
        if (_errors.Count > 0)
        {
            return;
        }

        if (!bounds.Any(static bound => bound.Low is not null) || !bounds.Any(static bound => bound.High is not null))
        {
            _errors.Add(_join.At, "ON has to say how far the times of both may lie apart, at least and at most: "
                + $"AND DATEDIFF(second, {_left}, {_right}) BETWEEN 0 AND 10");
        }
        else if (bounds.GroupBy(static bound => bound.Unit).Any(static unit =>
            unit.Max(static bound => bound.Low) > unit.Min(static bound => bound.High)))
        {
            _errors.Add(_join.At, "DATEDIFF in ON: no time is at least the one and at most the other");
        }
    }

    private (Expression Left, Expression Right) Bind(
        FieldScope lefts, FieldScope rights, (SyntaxNode Left, SyntaxNode Right) equal)
    {
        var left = new RowBinder(lefts, _errors, _options.IsStrict).Bind(equal.Left);
        var right = new RowBinder(rights, _errors, _options.IsStrict).Bind(equal.Right);
        if (!OperandRules.MayCompare(left, right, isStrict: true))
        {
            _errors.Add(equal.Right.At, $"{KindName.Of(left.Kind!.Value)} never equals "
                + $"{KindName.Of(right.Kind!.Value)} in ON: CAST says which of them both are");
        }

        return (left, right);
    }

    private JoinSideQuery Side(
        FieldScope events,
        string name,
        SyntaxNode? timestamp,
        SyntaxNode? key,
        IReadOnlyList<string>? kept,
        bool keepsUnmatched)
    {
        var isStrict = _options.IsStrict;
        var time = TimestampBinder.Bind(
            timestamp, new FieldScope(events.Source, name, events.Columns, _errors), isStrict, _errors);
        var fields = new FieldScope(events.Source, name, events.Columns, _errors);
        var bound = key is null ? null : new RowBinder(fields, _errors, isStrict).Bind(key);
        var all = kept?.Select(field => new KeptField(
            fields.SlotOf(new JsonPath([new JsonStep(field, 0)])), ApplyBinder.Label(field))).ToArray();
        var text = (key is null ? "" : SyntaxText.Of(key, fields))
            + (timestamp is null ? "" : $" TIMESTAMP BY {SyntaxText.Of(timestamp, fields)}");
        var plan = new JoinSidePlan(fields.CreateReader(), bound, Label(name), all, keepsUnmatched, isStrict);
        return new JoinSideQuery(events.Source, name, () => new JoinSideOperator(plan))
        {
            Time = time?.Timestamp,
            TimePath = time?.Path,
            IsKeyed = key is not null,
            KeyPath = (bound as FieldExpression)?.Path.ToString(),
            Meaning = $"{name} {(keepsUnmatched ? "all" : "keyed")} {isStrict} {text}\n"
                + string.Join('\n', kept ?? ["*"]),
        };
    }

    /// <summary>The fields of a side that are read; null: all.</summary>
    private static List<string>? FieldsOf(string side, IEnumerable<JsonPath> read)
    {
        var paths = read.Where(path => path.Steps[0].Name == side).ToList();
        return paths.Exists(static path => path.Steps.Count == 1 || path.Steps[1].Name is null)
            ? null
            : [.. paths.Select(static path => path.Steps[1].Name!).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Fields that have the key's value in every row; not one of a side that a row may be without.
    /// </summary>
    private IEnumerable<string> PathsOf((Expression Left, Expression Right) key)
    {
        if (key.Left is FieldExpression left)
        {
            yield return left.Path.ToString();
        }

        if (!_join.IsLeft && key.Right is FieldExpression right)
        {
            yield return right.Path.ToString();
        }
    }

    private static byte[] Label(string name)
    {
        var json = new JsonBuffer();
        json.Raw((byte)'{');
        json.WriteText(Encoding.UTF8.GetBytes(name));
        json.Raw((byte)':');
        return json.Written.ToArray();
    }
}
