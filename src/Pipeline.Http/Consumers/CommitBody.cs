using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Bodies;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;

namespace Pipeline.Http.Consumers;

/// <summary>What POST …/commit says: <c>{"offsets":{"0":12}}</c>, by partition the next event not done.</summary>
internal static class CommitBody
{
    private const int MaxBytes = 64 << 10;
    private const string Expected =
        "The body must be {\"offsets\":{\"<partition>\":<offset>}}, with a partition at least.";

    public static async ValueTask<(IReadOnlyDictionary<int, long> Offsets, Problem? Problem)> ReadAsync(
        HttpRequest request, IngestBudgets budgets, int partitions)
    {
        var none = new Dictionary<int, long>();
        if (!IsJson(request.ContentType))
        {
            return (none, Problem.UnsupportedMediaType("Send Content-Type: application/json."));
        }

        using var body = budgets.NewControlBody(Caller.Of(request.HttpContext));
        if (await BodyReader.ReadAsync(request, body, MaxBytes) is { } problem)
        {
            return (none, problem);
        }

        try
        {
            using var json = JsonDocument.Parse(body.Bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("offsets", out var offsets)
                && offsets.ValueKind == JsonValueKind.Object
                    ? Read(offsets, partitions)
                    : (none, Problem.Malformed(Expected));
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return (none, Problem.Malformed(Expected));
        }
    }

    private static (IReadOnlyDictionary<int, long> Offsets, Problem? Problem) Read(JsonElement offsets, int partitions)
    {
        var read = new Dictionary<int, long>();
        foreach (var one in offsets.EnumerateObject())
        {
            if (!int.TryParse(one.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var partition)
                || partition >= partitions)
            {
                return (read, Problem.Malformed(
                    $"'{one.Name}' is no partition of the stream: there are 0 to {partitions - 1}."));
            }

            if (one.Value.ValueKind != JsonValueKind.Number || !one.Value.TryGetInt64(out var offset) || offset < 0)
            {
                return (read, Problem.Malformed(
                    $"The offset of partition {partition} must be a whole number from 0."));
            }

            if (!read.TryAdd(partition, offset))
            {
                return (read, Problem.Malformed($"Partition {partition} is named twice."));
            }
        }

        return (read, read.Count == 0 ? Problem.Malformed(Expected) : null);
    }

    private static bool IsJson(string? contentType) => contentType?.Split(';')[0].Trim()
        .Equals("application/json", StringComparison.OrdinalIgnoreCase) is true;
}
