using System.Diagnostics.Metrics;

namespace Pipeline.Monitoring.Metrics;

/// <summary>
/// A measurement's instrument and the values of its tags, as they were given: what finds a series without making its
/// label text. An instrument gives the same tags in the same order each time.
/// </summary>
internal readonly record struct SeriesKey(Instrument Instrument, object? First, object? Second, object? Third)
{
    private const int MaxTags = 3;

    /// <summary>False where there are more tags than fit.</summary>
    public static bool TryMake(
        Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags, out SeriesKey key)
    {
        key = new SeriesKey(instrument, Value(tags, 0), Value(tags, 1), Value(tags, 2));
        return tags.Length <= MaxTags;
    }

    private static object? Value(ReadOnlySpan<KeyValuePair<string, object?>> tags, int index) =>
        index < tags.Length ? tags[index].Value : null;
}
