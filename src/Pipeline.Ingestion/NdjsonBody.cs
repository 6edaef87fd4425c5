using System.Text.Unicode;

namespace Pipeline.Ingestion;

/// <summary>A body with one JSON value a line (application/x-ndjson); blank lines are ignored.</summary>
internal static class NdjsonBody
{
    public static void Read(EventList events, EventRouter router)
    {
        var body = events.Body;
        var isUtf8 = Utf8.IsValid(body);
        var scanner = new JsonScanner(body, router.Path);
        var maxBytes = events.Limits.MaxEventBytes;
        for (var at = 0; at < body.Length && !events.IsFull;)
        {
            var length = body[at..].IndexOf((byte)'\n');
            var end = length < 0 ? body.Length : at + length;
            var start = JsonScanner.SkipSpace(body[..end], at);
            at = end + 1;
            if (start >= end)
            {
                continue;
            }

            if (events.Count == events.Limits.MaxRequestEvents)
            {
                EventLimits.FailCount(events, start);
                return;
            }

            ref var entry = ref events.Add();
            if (end - start > maxBytes && EventLimits.FailLength(events, body[start..end], start))
            {
                continue;
            }

            if ((!isUtf8 && !IsUtf8(events, start, end))
                || !scanner.TryScan(start, out var valueEnd)
                || JsonScanner.SkipSpace(body[..end], valueEnd) < end
                || valueEnd > end)
            {
                Explain(events, router, start, end, isUtf8);
                continue;
            }

            entry.ValueStart = start;
            entry.ValueLength = valueEnd - start;
            router.Route(ref entry, scanner.Key, start);
        }
    }

    private static bool IsUtf8(EventList events, int start, int end) => Utf8.IsValid(events.Body[start..end]);

    /// <summary>Scans the line by itself, so that the mistake is found in it and not behind it.</summary>
    private static void Explain(EventList events, EventRouter router, int start, int end, bool isUtf8)
    {
        var line = events.Body[start..end];
        if (!isUtf8 && Utf8Error.Find(line) is var invalid and >= 0)
        {
            events.Fail(IngestProblem.Malformed, Utf8Error.Reason, start + invalid, events.Count);
            return;
        }

        var scanner = new JsonScanner(line, router.Path);
        if (!scanner.TryScan(0, out var valueEnd))
        {
            events.Fail(IngestProblem.Malformed, scanner.Error, start + scanner.ErrorAt, events.Count);
            return;
        }

        var rest = JsonScanner.SkipSpace(line, valueEnd);
        events.Fail(IngestProblem.Malformed, "more than one value on the line", start + rest, events.Count);
    }
}
