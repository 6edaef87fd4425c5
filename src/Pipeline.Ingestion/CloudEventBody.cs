namespace Pipeline.Ingestion;

/// <summary>
/// A body of CloudEvents 1.0 in JSON format: one (application/cloudevents+json), or an array of them
/// (application/cloudevents-batch+json). Also takes the single event of the binary mode, whose attributes came as
/// headers.
/// </summary>
internal static class CloudEventBody
{
    public static void Read(EventList events, EventRouter router, bool isBatch)
    {
        if (!Utf8Error.Check(events))
        {
            return;
        }

        var reader = new CloudEventReader(events, router);
        var at = JsonScanner.SkipSpace(events.Body, 0);
        at = isBatch ? ReadBatch(events, ref reader, at) : reader.TryRead(ref at) ? at : -1;
        if (at >= 0 && (at = JsonScanner.SkipSpace(events.Body, at)) < events.Body.Length)
        {
            events.Fail(IngestProblem.Malformed, "something follows the JSON value", at, 0);
        }
    }

    public static void ReadBinary(EventList events, EventRouter router, BinaryCloudEvent head)
    {
        if (!Utf8Error.Check(events))
        {
            return;
        }

        ref var entry = ref events.Add();
        var scanner = new JsonScanner(events.Body, router.Path);
        var at = JsonScanner.SkipSpace(events.Body, 0);
        if (at == events.Body.Length)
        {
            entry.ValueStart = events.AddSide("null"u8);
            entry.ValueLength = 4;
        }
        else if (!scanner.TryScan(at, out var end))
        {
            events.Fail(IngestProblem.Malformed, scanner.Error, scanner.ErrorAt, 1);
            return;
        }
        else if (JsonScanner.SkipSpace(events.Body, end) is var rest && rest < events.Body.Length)
        {
            events.Fail(IngestProblem.Malformed, "something follows the JSON value", rest, 1);
            return;
        }
        else
        {
            EventLimits.FailLength(events, events.Body[at..end], at);
            entry.ValueStart = at;
            entry.ValueLength = end - at;
        }

        entry.AttributesStart = events.AddSide(head.Attributes.Span);
        entry.AttributesLength = head.Attributes.Length;
        events.Handles.Add(head.Handle);
        if (head.PartitionKey is { } key)
        {
            router.Route(ref entry, key.Span);
        }
        else
        {
            router.Route(ref entry, scanner.Key, at);
            router.Spread(ref entry, head.Handle);
        }
    }

    private static int ReadBatch(EventList events, ref CloudEventReader reader, int at)
    {
        var body = events.Body;
        if (at >= body.Length || body[at] != '[')
        {
            events.Fail(IngestProblem.Malformed, "a batch of CloudEvents is a JSON array", at, 0);
            return -1;
        }

        at = JsonScanner.SkipSpace(body, at + 1);
        if (at < body.Length && body[at] == ']')
        {
            return at + 1;
        }

        while (reader.TryRead(ref at))
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

            at = JsonScanner.SkipSpace(body, at + 1);
        }

        return -1;
    }
}
