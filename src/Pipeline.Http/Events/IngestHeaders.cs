using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Pipeline.Ingestion;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Http.Events;

/// <summary>
/// Reads the request's deduplication handle and key from its headers. Header bytes above ASCII are taken as UTF-8.
/// </summary>
internal static class IngestHeaders
{
    public const string IdempotencyKey = "Idempotency-Key";
    public const string ProducerId = "Producer-Id";
    public const string ProducerSequence = "Producer-Sequence";
    public const string EventKey = "Event-Key";

    /// <summary>The handle of the whole request; the error says what is wrong with the headers.</summary>
    public static bool TryReadHandle(
        IHeaderDictionary headers, bool isCloudEvent, out DeduplicationHandle handle, out string error)
    {
        handle = DeduplicationHandle.None;
        error = "";
        var key = headers[IdempotencyKey];
        var producer = headers[ProducerId];
        var sequence = headers[ProducerSequence];
        if (key.Count == 0 && producer.Count == 0 && sequence.Count == 0)
        {
            return true;
        }

        if (isCloudEvent)
        {
            error = $"CloudEvents are deduplicated by (source, id): leave out {IdempotencyKey} and Producer-*.";
        }
        else if (key.Count > 0 && producer.Count + sequence.Count > 0)
        {
            error = $"A request has one handle: {IdempotencyKey}, or {ProducerId} and {ProducerSequence}.";
        }
        else if (key.Count > 0)
        {
            return TryReadKey(key, out handle, out error);
        }
        else if (producer.Count == 0 || sequence.Count == 0)
        {
            error = $"{ProducerId} and {ProducerSequence} belong together.";
        }
        else
        {
            return TryReadProducer(producer, sequence, out handle, out error);
        }

        return false;
    }

    /// <summary>The Event-Key header, or null.</summary>
    public static bool TryReadEventKey(IHeaderDictionary headers, out ReadOnlyMemory<byte>? key, out string error)
    {
        key = null;
        error = "";
        var values = headers[EventKey];
        if (values.Count == 0)
        {
            return true;
        }

        if (values.Count > 1 || string.IsNullOrEmpty(values[0]))
        {
            error = $"{EventKey} must have one value that is not empty.";
            return false;
        }

        key = Encoding.UTF8.GetBytes(values[0]!);
        return true;
    }

    private static bool TryReadKey(StringValues values, out DeduplicationHandle handle, out string error)
    {
        var text = values.Count == 1 ? values[0]!.Trim() : "";
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"')
        {
            text = text[1..^1];
        }

        return TryHash(IdempotencyKey, text, HandleKind.Key, 0, out handle, out error);
    }

    private static bool TryReadProducer(
        StringValues producer, StringValues sequence, out DeduplicationHandle handle, out string error)
    {
        if (sequence.Count != 1
            || !long.TryParse(sequence[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            handle = default;
            error = $"{ProducerSequence} must be one whole number from 0.";
            return false;
        }

        var id = producer.Count == 1 ? producer[0]!.Trim() : "";
        return TryHash(ProducerId, id, HandleKind.Producer, number, out handle, out error);
    }

    private static bool TryHash(
        string header, string text, HandleKind kind, long number, out DeduplicationHandle handle, out string error)
    {
        handle = default;
        error = "";
        var max = IngestLimits.Default.MaxHandleBytes;
        if (text.Length == 0 || text.Length > max)
        {
            error = $"{header} must have one value of 1 to {max} bytes.";
            return false;
        }

        handle = new DeduplicationHandle(kind, HandleHash.Of(Encoding.UTF8.GetBytes(text)), number);
        return true;
    }
}
