using System.Text;

namespace Pipeline.Queries.Json;

/// <summary>
/// A path into a JSON value: <c>a.b.c</c>, <c>a[0]</c>, names with other characters as <c>[x y]</c> or <c>"x y"</c>.
/// </summary>
public sealed class JsonPath
{
    public JsonPath(IReadOnlyList<JsonStep> steps) => Steps = steps;

    public IReadOnlyList<JsonStep> Steps { get; }

    /// <summary>
    /// Reads a path as definitions write it; <paramref name="error"/> says what was expected and where.
    /// </summary>
    public static bool TryParse(string text, out JsonPath path, out string? error)
    {
        var steps = new List<JsonStep>();
        var at = 0;
        error = null;
        while (at < text.Length || steps.Count == 0)
        {
            if (steps.Count > 0 && text[at] == '.')
            {
                at++;
            }
            else if (steps.Count > 0 && text[at] != '[')
            {
                error = $"column {at + 1}: '.' or '[' was expected";
                break;
            }

            if (!TryReadStep(text, ref at, steps.Count > 0, out var step))
            {
                error = $"column {at + 1}: a name was expected";
                break;
            }

            steps.Add(step);
        }

        path = new JsonPath(steps);
        return error is null;
    }

    public static JsonPath Parse(string text) =>
        TryParse(text, out var path, out var error) ? path : throw new FormatException($"'{text}': {error}");

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var step in Steps)
        {
            if (step.Name is null)
            {
                text.Append('[').Append(step.Index).Append(']');
                continue;
            }

            text.Append(text.Length > 0 ? "." : "").Append(IsPlain(step.Name) ? step.Name : $"[{step.Name}]");
        }

        return text.ToString();
    }

    private static bool TryReadStep(string text, ref int at, bool mayIndex, out JsonStep step)
    {
        step = default;
        if (at >= text.Length)
        {
            return false;
        }

        if (text[at] is '[' or '"')
        {
            var end = text.IndexOf(text[at] == '[' ? ']' : '"', at + 1);
            if (end <= at + 1)
            {
                return false;
            }

            var inner = text[(at + 1)..end];
            step = mayIndex && text[at] == '[' && int.TryParse(inner, out var index) && index >= 0
                ? new JsonStep(null, index)
                : new JsonStep(inner, 0);
            at = end + 1;
            return true;
        }

        var start = at;
        while (at < text.Length && text[at] is not ('.' or '[' or '"' or ']'))
        {
            at++;
        }

        step = new JsonStep(text[start..at], 0);
        return at > start;
    }

    private static bool IsPlain(string name) => name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '@');
}
