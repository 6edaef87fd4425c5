using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Pipeline.Ingestion;

/// <summary>Finds the first byte that is not UTF-8.</summary>
internal static class Utf8Error
{
    public const string Reason = "not valid UTF-8";

    /// <summary>Whether the whole body is UTF-8; if not, says where it is not.</summary>
    public static bool Check(EventList events)
    {
        if (Utf8.IsValid(events.Body))
        {
            return true;
        }

        events.Fail(IngestProblem.Malformed, Reason, Find(events.Body), 0);
        return false;
    }

    /// <summary>Its position, or -1 where all is well.</summary>
    public static int Find(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length)
        {
            if (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) != OperationStatus.Done)
            {
                return at;
            }

            at += length;
        }

        return -1;
    }
}
