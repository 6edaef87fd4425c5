using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Bodies;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Pipelines;

/// <summary>The body of a rollback: <c>{"generation": 3}</c>.</summary>
internal static class RollbackRequest
{
    private const int MaxBytes = 4096;

    public static async ValueTask<(long Generation, Problem? Problem)> ReadAsync(
        HttpRequest request, IngestBudgets budgets)
    {
        if (request.ContentType?.Split(';')[0].Trim().Equals("application/json", StringComparison.OrdinalIgnoreCase)
            is not true)
        {
            return (0, Problem.UnsupportedMediaType("A rollback is application/json: {\"generation\": 3}."));
        }

        using var body = budgets.NewControlBody(Caller.Of(request.HttpContext));
        if (await BodyReader.ReadAsync(request, body, MaxBytes) is { } problem)
        {
            return (0, problem);
        }

        try
        {
            using var json = JsonDocument.Parse(body.Bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("generation", out var found)
                && found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out var generation)
                ? (generation, null)
                : (0, Problem.Malformed("A rollback names the generation to go back to: {\"generation\": 3}."));
        }
        catch (JsonException error)
        {
            return (0, Problem.Malformed($"The body is not JSON: {error.Message}"));
        }
    }
}
