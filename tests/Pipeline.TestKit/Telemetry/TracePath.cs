namespace Pipeline.TestKit.Telemetry;

/// <summary>The way of an event through spans.</summary>
public static class TracePath
{
    private static readonly string[] Operations = ["POST ", "append ", "process "];

    /// <summary>
    /// The longest way in a trace, each span the parent of the next: the names of its requests, appends and
    /// processings (spans of calls between processes, which may lie between them, left out), joined by " > ".
    /// </summary>
    public static string Longest(IReadOnlyCollection<CollectedSpan> spans, string traceId)
    {
        var byId = spans.Where(span => span.TraceId == traceId).DistinctBy(static span => span.Id)
            .ToDictionary(static span => span.Id);
        return string.Join(" > ", byId.Values.Select(end => Names(end, byId)).MaxBy(static way => way.Count) ?? []);
    }

    private static List<string> Names(CollectedSpan end, Dictionary<string, CollectedSpan> byId)
    {
        var names = new List<string>();
        for (var at = end; at is not null; at = byId.GetValueOrDefault(at.ParentId))
        {
            if (Operations.Any(operation => at.Name.StartsWith(operation, StringComparison.Ordinal)))
            {
                names.Insert(0, at.Name);
            }
        }

        return names;
    }
}
