namespace Pipeline.Ingestion;

/// <summary>A body that is one event, or an array of events (application/json).</summary>
internal static class JsonBody
{
    public static void Read(EventList events, EventRouter router)
    {
        var body = events.Body;
        if (!Utf8Error.Check(events))
        {
            return;
        }

        var scanner = new JsonScanner(body, router.Path);
        var at = JsonScanner.SkipSpace(body, 0);
        if (at < body.Length && body[at] == '[')
        {
            at = ReadArray(events, router, ref scanner, at + 1);
        }
        else
        {
            ReadValue(events, router, ref scanner, ref at);
        }

        at = at < 0 ? body.Length : JsonScanner.SkipSpace(body, at);
        if (at < body.Length && events.Errors.Count == 0)
        {
            events.Fail(IngestProblem.Malformed, "something follows the JSON value", at, 0);
        }
    }

    /// <summary>Returns the position behind the array, or -1 after a mistake.</summary>
    private static int ReadArray(EventList events, EventRouter router, ref JsonScanner scanner, int at)
    {
        var body = events.Body;
        at = JsonScanner.SkipSpace(body, at);
        if (at < body.Length && body[at] == ']')
        {
            return at + 1;
        }

        while (ReadValue(events, router, ref scanner, ref at))
        {
            at = JsonScanner.SkipSpace(body, at);
            var c = at < body.Length ? body[at] : (byte)0;
            if (c == ']')
            {
                return at + 1;
            }

            if (c != ',')
            {
                events.Fail(IngestProblem.Malformed, "',' or ']' is missing", at, events.Count);
                return -1;
            }

            at++;
        }

        return -1;
    }

    private static bool ReadValue(EventList events, EventRouter router, ref JsonScanner scanner, ref int at)
    {
        if (events.Count == events.Limits.MaxRequestEvents)
        {
            EventLimits.FailCount(events, at);
            return false;
        }

        ref var entry = ref events.Add();
        var start = JsonScanner.SkipSpace(events.Body, at);
        if (!scanner.TryScan(start, out at))
        {
            events.Fail(IngestProblem.Malformed, scanner.Error, scanner.ErrorAt, events.Count);
            return false;
        }

        entry.ValueStart = start;
        entry.ValueLength = at - start;
        if (!EventLimits.FailLength(events, events.Body[start..at], start))
        {
            router.Route(ref entry, scanner.Key, start);
        }

        return !events.IsFull;
    }
}
