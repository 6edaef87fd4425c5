using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Pipeline.Http.Bodies;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;

namespace Pipeline.Http.Streams;

/// <summary>What POST …/watermark says: a time before which nothing will come, or that nothing will.</summary>
/// <param name="Ticks">UTC; the last point in time there is where <paramref name="IsEnd"/>.</param>
/// <param name="IsEnd">The input ends for good.</param>
internal readonly record struct WatermarkBody(long Ticks, bool IsEnd)
{
    private const int MaxBytes = 4096;
    private const string Expected = "The body must be {\"time\":\"<ISO 8601>\"} or {\"end\":true}.";

    private static readonly WatermarkBody End = new(DateTime.MaxValue.Ticks, true);

    public static async ValueTask<(WatermarkBody Body, Problem? Problem)> ReadAsync(
        HttpRequest request, IngestBudgets budgets)
    {
        if (!IsJson(request.ContentType))
        {
            return (default, Problem.UnsupportedMediaType("Send Content-Type: application/json (UTF-8)."));
        }

        using var body = budgets.NewControlBody(Caller.Of(request.HttpContext));
        return await BodyReader.ReadAsync(request, body, MaxBytes) is { } problem
            ? (default, problem)
            : TryParse(body.Bytes, out var read)
                ? (read, null)
                : (default, Problem.Malformed(Expected));
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var media)
        && media.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!media.Charset.HasValue
            || media.Charset.ToString().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static bool TryParse(ReadOnlyMemory<byte> bytes, out WatermarkBody read)
    {
        read = default;
        try
        {
            using var document = JsonDocument.Parse(bytes);
            return document.RootElement.ValueKind == JsonValueKind.Object && TryRead(document.RootElement, out read);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON; or a string that has no UTF-8.
            return false;
        }
    }

    private static bool TryRead(JsonElement json, out WatermarkBody read)
    {
        read = default;
        var hasTime = json.TryGetProperty("time", out var time);
        if (json.TryGetProperty("end", out var end))
        {
            read = End;
            return end.ValueKind == JsonValueKind.True && !hasTime;
        }

        if (!hasTime || time.ValueKind != JsonValueKind.String || !UtcTime.TryParse(time.GetString()!, out var ticks))
        {
            return false;
        }

        read = new WatermarkBody(ticks, false);
        return true;
    }
}
