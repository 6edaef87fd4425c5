using Pipeline.Queries.Expressions;
using Pipeline.Queries.Json;
using Pipeline.Queries.Syntax;

namespace Pipeline.Queries.Binding;

/// <summary>The source's columns, as far as they are known, and the paths that the query reads of it.</summary>
internal sealed class FieldScope(string source, string? alias, IReadOnlyList<string>? columns, ErrorList errors)
{
    private static readonly string[] ElementFields = ["ArrayIndex", "ArrayValue", "PropertyName", "PropertyValue"];

    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly List<JsonPath> _paths = [];

    public string Source => source;

    /// <summary>The columns of SELECT *, or null.</summary>
    public IReadOnlyList<string>? Columns => columns;

    /// <summary>The names of CROSS APPLY, which are read beside the columns.</summary>
    public IReadOnlyList<string> Applied { get; init; } = [];

    /// <summary>
    /// The sources that a JOIN reads, by what the query calls them, and their columns as far as they are known; null
    /// where there is no JOIN. Every path begins with one of them.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>?>? Joined { get; init; }

    public IReadOnlyList<JsonPath> Paths => _paths;

    /// <summary>Whether the event as a whole is read.</summary>
    public bool IsEventUsed { get; private set; }

    /// <summary>The event as a whole.</summary>
    public EventExpression Event()
    {
        IsEventUsed = true;
        return new EventExpression();
    }

    /// <summary>The same as <see cref="Find"/>; an unknown column is reported.</summary>
    public JsonPath Resolve(PathSyntax syntax)
    {
        var path = Find(syntax, out var isKnown);
        if (!isKnown)
        {
            errors.Add(syntax.At, Joined is null
                ? $"unknown column '{path.Steps[0].Name}': {source} has {string.Join(", ", columns!)}"
                : UnknownJoined(path));
        }

        return path;
    }

    /// <summary>The path without the source's name before it, a known column in its own spelling.</summary>
    public JsonPath Find(PathSyntax syntax, out bool isKnown)
    {
        isKnown = true;
        if (Joined is not null)
        {
            return FindJoined(syntax, out isKnown);
        }

        var steps = syntax.Steps.ToList();
        if (steps.Count > 1 && IsSource(steps[0].Name) && steps[1].Name is not null)
        {
            steps.RemoveAt(0);
        }

        if (Spelling(Applied, steps[0].Name) is { } applied)
        {
            steps[0] = new JsonStep(applied, 0);
            if (steps.Count > 1 && Spelling(ElementFields, steps[1].Name) is { } field)
            {
                steps[1] = new JsonStep(field, 0);
            }
        }
        else if (columns is not null)
        {
            var name = steps[0].Name!;
            var known = columns.FirstOrDefault(c => c == name) ?? Spelling(columns, name);
            isKnown = known is not null;
            steps[0] = new JsonStep(known ?? name, 0);
        }

        return new JsonPath(steps);
    }

    /// <summary>
    /// Whether the name is the source's own: the event as a record. A field of this name is written source.name.
    /// </summary>
    public bool IsEvent(PathSyntax syntax) => syntax.Steps.Count == 1 && IsSource(syntax.Steps[0].Name);

    public int SlotOf(JsonPath path)
    {
        var text = path.ToString();
        if (!_slots.TryGetValue(text, out var slot))
        {
            slot = _paths.Count;
            _slots.Add(text, slot);
            _paths.Add(path);
        }

        return slot;
    }

    public FieldReader CreateReader() => new(_paths);

    private JsonPath FindJoined(PathSyntax syntax, out bool isKnown)
    {
        var steps = syntax.Steps.ToList();
        var side = Spelling(Joined!.Keys, steps[0].Name);
        isKnown = side is not null;
        if (side is null)
        {
            return new JsonPath(steps);
        }

        steps[0] = new JsonStep(side, 0);
        if (steps.Count > 1 && steps[1].Name is { } name && Joined[side] is { } known)
        {
            var column = known.FirstOrDefault(c => c == name) ?? Spelling(known, name);
            isKnown = column is not null;
            steps[1] = new JsonStep(column ?? name, 0);
        }

        return new JsonPath(steps);
    }

    private string UnknownJoined(JsonPath path)
    {
        var names = Joined!.Keys.ToList();
        return Spelling(names, path.Steps[0].Name) is { } side
            ? $"unknown column '{path.Steps[1].Name}': {side} has {string.Join(", ", Joined[side]!)}"
            : $"'{path.Steps[0].Name}' has no source before it: behind JOIN a column is written {names[0]}.name or "
                + $"{names[1]}.name";
    }

    private static string? Spelling(IEnumerable<string> names, string? name) =>
        names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));

    private bool IsSource(string? name) => name is not null
        && (alias ?? source).Equals(name, StringComparison.OrdinalIgnoreCase)
        && (columns is null || !columns.Contains(name));
}
