using System.Globalization;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs;

/// <summary>The names of a log's blobs and of its register. Names carry the epoch and are never reused.</summary>
public static class LogNames
{
    public const string FixSuffix = ".fix";

    private const string RegisterPrefix = "registers/logs/";

    /// <summary>The register that holds the <see cref="LogManifest"/>.</summary>
    public static BlobName Register(LogId log) => new($"{RegisterPrefix}{log}");

    /// <summary>Reads the log out of its register's name; false for any other register.</summary>
    public static bool TryParseRegister(BlobName name, out LogId log)
    {
        log = default;
        if (!name.Value.StartsWith(RegisterPrefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = name.Value.AsSpan(RegisterPrefix.Length);
        var slash = rest.IndexOf('/');
        if (slash <= 0
            || !long.TryParse(rest[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out var stream)
            || !int.TryParse(rest[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var partition))
        {
            return false;
        }

        log = new LogId(stream, partition);
        return true;
    }

    /// <summary>What all blobs of a log begin with.</summary>
    public static string Prefix(LogId log) => $"logs/{log}/";

    /// <summary>The append blob of a segment: <c>logs/{stream}/{partition}/{epoch}-{number}</c>.</summary>
    public static BlobName Segment(LogId log, SegmentId segment) => new($"logs/{log}/{segment}");

    /// <summary>The repair blob beside it (<see cref="FixCodec"/>).</summary>
    public static BlobName Fix(LogId log, SegmentId segment) => new($"logs/{log}/{segment}{FixSuffix}");

    /// <summary>An index blob, named by its contents.</summary>
    public static BlobName Index(LogId log, Hash256 hash) => new($"logs/{log}/index-{hash}");

    /// <summary>Reads the segment out of a blob's name (append or repair blob); false for any other blob.</summary>
    public static bool TryParseSegment(LogId log, BlobName name, out SegmentId segment)
    {
        segment = default;
        var prefix = Prefix(log);
        if (!name.Value.StartsWith(prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = name.Value.AsSpan(prefix.Length);
        rest = rest.EndsWith(FixSuffix) ? rest[..^FixSuffix.Length] : rest;
        var dash = rest.IndexOf('-');
        if (dash <= 0
            || !long.TryParse(rest[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            || !long.TryParse(rest[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return false;
        }

        segment = new SegmentId(new Epoch(epoch), number);
        return true;
    }
}
