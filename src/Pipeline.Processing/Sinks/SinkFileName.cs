using System.Globalization;

namespace Pipeline.Processing.Sinks;

/// <summary>A visible file's name: <c>{partition}-{offset of its first event, 20 digits}.ndjson</c>.</summary>
internal static class SinkFileName
{
    /// <summary>The file that says whose directory it is.</summary>
    public const string Claim = ".pipeline-sink";

    private const string Extension = ".ndjson";
    private const int Digits = 20;

    public static string Of(int partition, long first) =>
        string.Create(CultureInfo.InvariantCulture, $"{partition}-{first:d20}{Extension}");

    /// <summary>Where an activation's file lies while it is written: each has a place of its own.</summary>
    public static string Place(int partition, SinkActivation activation) =>
        string.Create(CultureInfo.InvariantCulture, $".{partition}-{activation}");

    /// <summary>The name while it is being written.</summary>
    public static string Hidden(int partition, SinkActivation activation) => $"{Place(partition, activation)}/part";

    /// <summary>
    /// Whose place it is; also whose the hidden file was that versions before had in its stead.
    /// </summary>
    public static bool TryParsePlace(string name, int partition, out SinkActivation activation)
    {
        activation = default;
        var prefix = string.Create(CultureInfo.InvariantCulture, $".{partition}-");
        return name.StartsWith(prefix, StringComparison.Ordinal)
            && SinkActivation.TryParse(name[prefix.Length..], out activation);
    }

    /// <summary>Whether a name is a visible file's, of whatever partition.</summary>
    public static bool IsOne(string name) =>
        int.TryParse(name.AsSpan(0, Math.Max(0, name.IndexOf('-', StringComparison.Ordinal))), NumberStyles.None,
            CultureInfo.InvariantCulture, out var partition)
        && TryParse(name, partition, out _);

    public static bool TryParse(string name, int partition, out long first)
    {
        first = 0;
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{partition}-");
        return name.Length == prefix.Length + Digits + Extension.Length
            && name.StartsWith(prefix, StringComparison.Ordinal)
            && name.EndsWith(Extension, StringComparison.Ordinal)
            && long.TryParse(
                name.AsSpan(prefix.Length, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out first);
    }
}
