using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Bodies;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;
using Pipeline.Monitoring.Alerts;

namespace Pipeline.Http.Alerts;

/// <summary>The body of a silence: <c>{"for": "1h"}</c>; <c>0s</c> ends it.</summary>
internal static class SilenceRequest
{
    private const int MaxBytes = 4096;
    private const string Expected = "A silence says for how long: {\"for\": \"1h\"}, " + AlertDuration.Expected
        + ", 30 days at most.";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    public static async ValueTask<(TimeSpan Duration, Problem? Problem)> ReadAsync(
        HttpRequest request, IngestBudgets budgets)
    {
        if (request.ContentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase)
            is not true)
        {
            return (default, Problem.UnsupportedMediaType("A silence is application/json: {\"for\": \"1h\"}."));
        }

        using var body = budgets.NewControlBody(Caller.Of(request.HttpContext));
        if (await BodyReader.ReadAsync(request, body, MaxBytes) is { } problem)
        {
            return (default, problem);
        }

        try
        {
            using var json = JsonDocument.Parse(body.Bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("for", out var found) && found.ValueKind == JsonValueKind.String
                && AlertDuration.TryRead(found.GetString(), out var duration) && duration <= Longest
                ? (duration, null)
                : (default, Problem.Malformed(Expected));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return (default, Problem.Malformed(Expected));
        }
    }
}
