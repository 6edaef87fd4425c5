using System.Text.Json;
using Pipeline.Queries.Json;

namespace Pipeline.Queries.Tests.Json;

/// <summary>Random objects over few names, and a second way to look into them.</summary>
internal static class RandomJson
{
    private static readonly string[] Names = ["a", "b", "c", "\\u0061x", "other"];

    private static readonly string[] Plain =
        ["1", "-2.5e3", "true", "null", "\"\"", "\"x\"", "\"a\\\"}]\"", "\"\\\\\"",
        "\"text of more than thirty-two bytes: {[,]}\""];

    public static string Object(Random random, int depth)
    {
        var names = Names.Where(_ => random.Next(3) > 0).OrderBy(_ => random.Next()).ToList();
        return "{" + Space(random) + string.Join(
            "," + Space(random), names.Select(n => $"\"{n}\"{Space(random)}:{Space(random)}{Value(random, depth - 1)}"))
            + Space(random) + "}";
    }

    public static string Find(string json, string path)
    {
        using var document = JsonDocument.Parse(json);
        var at = document.RootElement;
        foreach (var step in JsonPath.Parse(path).Steps)
        {
            if (step.Name is { } name
                ? at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)
                : at.ValueKind != JsonValueKind.Array || at.GetArrayLength() <= step.Index)
            {
                return "";
            }

            at = step.Name is null ? at[step.Index] : at;
        }

        return at.GetRawText();
    }

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 4 : 2) switch
    {
        2 => Object(random, depth),
        3 => "[" + Space(random) + string.Join(
            Space(random) + ",", Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))) + "]",
        _ => Plain[random.Next(Plain.Length)],
    };

    private static string Space(Random random) => random.Next(6) == 0 ? "  " : "";
}
