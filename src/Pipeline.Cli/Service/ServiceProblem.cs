using System.Text;
using System.Text.Json;

namespace Pipeline.Cli.Service;

/// <summary>Makes lines for people of a problem+json body.</summary>
internal static class ServiceProblem
{
    public static IReadOnlyList<string> Lines(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var problem = document.RootElement;
            var lines = new List<string> { $"{Text(problem, "title")}: {Text(problem, "detail")}" };
            if (problem.TryGetProperty("errors", out var errors))
            {
                lines.AddRange(errors.EnumerateArray().Select(Line));
            }

            if (problem.TryGetProperty("stages", out var stages))
            {
                lines.AddRange(stages.EnumerateArray().Select(
                    static stage => $"  {Text(stage, "stage")}: {Text(stage, "why")}"));
            }

            return lines;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [Encoding.UTF8.GetString(body)];
        }
    }

    /// <summary>Stages whose state would be lost; none where it is another problem.</summary>
    public static IReadOnlyList<string> Lost(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("stages", out var stages)
                ? [.. stages.EnumerateArray().Select(static stage => Text(stage, "stage"))]
                : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static string Line(JsonElement error)
    {
        var place = error.TryGetProperty("line", out var line) ? $"  line {line}" : "  ";
        place += error.TryGetProperty("column", out var column) ? $", column {column}" : "";
        return $"{place}: {Text(error, "reason")}";
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.ToString() : "";
}
