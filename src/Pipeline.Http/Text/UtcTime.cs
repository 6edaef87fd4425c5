using System.Buffers.Text;
using System.Globalization;

namespace Pipeline.Http.Text;

/// <summary>Points in time as ISO 8601 in UTC, with the 100 ns a tick has.</summary>
internal static class UtcTime
{
    /// <summary>Bytes of the text: 2026-01-01T00:00:00.0000000Z.</summary>
    public const int Length = 28;

    public static void Format(long ticks, Span<byte> to) =>
        Utf8Formatter.TryFormat(new DateTime(ticks, DateTimeKind.Utc), to, out _, 'O');

    public static string Format(long ticks) =>
        new DateTime(ticks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Reads an ISO 8601 time; without an offset it is UTC.</summary>
    public static bool TryParse(string text, out long ticks)
    {
        ticks = 0;
        if (text.Length < 10 || text[4] != '-' || !DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowTrailingWhite,
            out var time))
        {
            return false;
        }

        ticks = time.UtcTicks;
        return true;
    }
}
