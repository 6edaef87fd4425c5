using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Pipeline.Ingestion;

namespace Pipeline.Http.Events;

/// <summary>Finds out how events lie in a body, by Content-Type and the ce-* headers.</summary>
internal static class EventMediaType
{
    public const string Accepted = "application/x-ndjson, application/json, application/cloudevents+json, "
        + "application/cloudevents-batch+json, or CloudEvents binary mode (ce-* headers)";

    public static bool TryRead(HttpRequest request, out BodyFormat format, out string error)
    {
        format = default;
        error = "";
        var contentType = request.ContentType;
        if (contentType is "application/x-ndjson")
        {
            format = BodyFormat.Ndjson;
            return true;
        }

        var isBinary = request.Headers.ContainsKey(CloudEventHeaders.SpecVersion);
        if (string.IsNullOrEmpty(contentType))
        {
            format = BodyFormat.CloudEventBinary;
            error = isBinary ? "" : $"Content-Type is missing; send {Accepted}.";
            return isBinary;
        }

        if (!MediaTypeHeaderValue.TryParse(contentType, out var media))
        {
            error = $"'{contentType}' is not a media type.";
            return false;
        }

        if (media.Charset.HasValue && !media.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            && !media.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase))
        {
            error = $"The charset is '{media.Charset}'; only utf-8 is understood.";
            return false;
        }

        return TryMap(media.MediaType.ToString().ToLowerInvariant(), isBinary, out format, out error);
    }

    private static bool TryMap(string type, bool isBinary, out BodyFormat format, out string error)
    {
        error = "";
        format = type switch
        {
            "application/cloudevents+json" => BodyFormat.CloudEvent,
            "application/cloudevents-batch+json" => BodyFormat.CloudEventBatch,
            _ when isBinary && (type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal)) =>
                BodyFormat.CloudEventBinary,
            "application/x-ndjson" when !isBinary => BodyFormat.Ndjson,
            "application/json" => BodyFormat.Json,
            _ => default,
        };
        if (format != default)
        {
            return true;
        }

        error = isBinary
            ? $"The data of a binary CloudEvent must be JSON, not '{type}'; "
                + "send other data in the JSON format, as data_base64."
            : $"'{type}' is not understood; send {Accepted}.";
        return false;
    }
}
