using System.Globalization;

namespace Pipeline.Runtime.Sinks;

/// <summary>A visible file's name: <c>{partition}-{offset of its first event, 20 digits}.ndjson</c>.</summary>
internal static class SinkFileName
{
    private const string Extension = ".ndjson";

    public static string Of(int partition, long first) =>
        string.Create(CultureInfo.InvariantCulture, $"{partition}-{first:d20}{Extension}");

    /// <summary>The name while it is being written; each activation has its own.</summary>
    public static string Hidden(int partition, long epoch) =>
        string.Create(CultureInfo.InvariantCulture, $".{partition}-{epoch}.tmp");

    public static bool TryParse(string name, int partition, out long first)
    {
        first = 0;
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{partition}-");
        return name.Length == prefix.Length + 20 + Extension.Length
            && name.StartsWith(prefix, StringComparison.Ordinal)
            && name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(
                name.AsSpan(prefix.Length, 20), NumberStyles.None, CultureInfo.InvariantCulture, out first);
    }
}
