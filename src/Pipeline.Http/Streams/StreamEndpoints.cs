using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Access;
using Pipeline.Http.Hosting;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Ingestion;

namespace Pipeline.Http.Streams;

/// <summary>GET /v1/streams, GET /v1/streams/{stream}, POST /v1/streams/{stream}/watermark.</summary>
internal sealed class StreamEndpoints(EngineAccess access, AccessOptions options)
{
    private const int MaxWatermarkBytes = 4096;

    public Task ListAsync(HttpContext context)
    {
        if (!access.TryGetStreams(out var streams, out var problem))
        {
            return ProblemWriter.WriteAsync(context, problem);
        }

        return JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var stream in streams.List().Where(stream => IsShown(context, stream)))
            {
                StreamJson.Write(json, stream);
            }

            json.WriteEndArray();
        });
    }

    public Task GetAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["stream"]!;
        return access.TryGetStream(name, out var stream, out var problem)
            ? JsonAnswer.WriteAsync(context, json => StreamJson.Write(json, stream))
            : ProblemWriter.WriteAsync(context, problem);
    }

    public async Task WatermarkAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["stream"]!;
        if (!access.TryGetStream(name, out var stream, out var problem))
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        var (ticks, wrong) = await ReadTimeAsync(context);
        if (wrong is not null)
        {
            await ProblemWriter.WriteAsync(context, wrong);
            return;
        }

        if (!stream.Definition.IsIngest)
        {
            await ProblemWriter.WriteAsync(context, Problem.Conflict(
                $"'{name}' is the output of a stage; its watermark comes from there."));
            return;
        }

        var outcome = await WatermarkAppend.RunAsync(stream.Partitions, ticks);
        await (outcome.Problem is not null
            ? ProblemWriter.WriteAsync(context, IngestProblems.Of(outcome))
            : JsonAnswer.WriteAsync(context, json =>
            {
                json.WriteStartObject();
                json.WriteString("stream", name);
                json.WriteString("time", UtcTime.Format(ticks));
                json.WriteNumber("partitions", stream.Partitions.Count);
                json.WriteEndObject();
            }));
    }

    private bool IsShown(HttpContext context, IStream stream) => !options.IsConfigured
        || RoleRequirement.Has(context.User, AccessRoles.Reader, stream.Name.Value);

    private static async ValueTask<(long Ticks, Problem? Problem)> ReadTimeAsync(HttpContext context)
    {
        const string Expected = "The body must be {\"time\":\"<ISO 8601>\"}.";
        if (context.Request.ContentType is { } type && !type.StartsWith("application/json", StringComparison.Ordinal))
        {
            return (0, Problem.UnsupportedMediaType("Send application/json."));
        }

        if (context.Request.ContentLength > MaxWatermarkBytes)
        {
            return (0, Problem.TooLarge(Expected));
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(
                context.Request.Body, default, context.RequestAborted);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("time", out var time)
                && time.ValueKind == JsonValueKind.String
                && UtcTime.TryParse(time.GetString()!, out var ticks)
                ? (ticks, null)
                : (0, Problem.Malformed(Expected));
        }
        catch (JsonException exception)
        {
            return (0, Problem.Malformed($"{Expected} {exception.Message}"));
        }
    }
}
