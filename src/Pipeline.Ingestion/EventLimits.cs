namespace Pipeline.Ingestion;

/// <summary>The refusals for events that are too large or too many.</summary>
internal static class EventLimits
{
    public static void FailCount(EventList events, int at) => events.Fail(
        IngestProblem.TooLarge,
        $"more than {events.Limits.MaxRequestEvents} events in one request",
        at,
        events.Count + 1);

    /// <summary>True where the value in <paramref name="text"/>, without white space around it, is too large.</summary>
    public static bool FailLength(EventList events, ReadOnlySpan<byte> text, int at)
    {
        var length = text.Trim(" \t\r\n"u8).Length;
        if (length <= events.Limits.MaxEventBytes)
        {
            return false;
        }

        events.Fail(
            IngestProblem.TooLarge,
            $"the event has {length} bytes, the limit is {events.Limits.MaxEventBytes}",
            at,
            events.Count);
        return true;
    }
}
