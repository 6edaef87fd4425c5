using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Pipeline.Http.Events;

/// <summary>Whether a GET wants events as a tail (text/event-stream) or as NDJSON (RFC 9110, 12.5.1).</summary>
internal static class EventAccept
{
    private const string Tail = "text/event-stream";
    private const string Ndjson = "application/x-ndjson";

    /// <summary>A tail must be asked for by name, and no less than NDJSON is.</summary>
    public static bool IsTail(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0 || !MediaTypeHeaderValue.TryParseList(accept, out var types))
        {
            return false;
        }

        var tail = QualityOf(types, Tail);
        return tail > 0 && tail >= QualityOf(types, Ndjson);
    }

    private static double QualityOf(IList<MediaTypeHeaderValue> types, string name) => types
        .Where(type => type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(static type => type.Quality ?? 1)
        .DefaultIfEmpty(0)
        .Max();
}
