using Microsoft.AspNetCore.Http;
using Pipeline.Http.Access;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;
using Pipeline.Ingestion;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Http.Streams;

/// <summary>GET /v1/streams, GET /v1/streams/{stream}, POST /v1/streams/{stream}/watermark.</summary>
internal sealed class StreamEndpoints(
    EngineAccess access, AccessOptions options, IngestBudgets budgets, TimeProvider time)
{
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

        var (body, wrong) = await WatermarkBody.ReadAsync(context.Request, budgets);
        wrong ??= Refusal(stream, body);
        if (wrong is not null)
        {
            await ProblemWriter.WriteAsync(context, wrong);
            return;
        }

        var outcome = await WatermarkAppend.RunAsync(stream.Partitions, body.Ticks);
        await (outcome.Problem is not null
            ? ProblemWriter.WriteAsync(context, IngestProblems.Of(outcome))
            : JsonAnswer.WriteAsync(context, json =>
            {
                json.WriteStartObject();
                json.WriteString("stream", name);
                json.WriteString("time", UtcTime.Format(body.Ticks));
                json.WriteBoolean("end", body.IsEnd);
                json.WriteNumber("partitions", stream.Partitions.Count);
                json.WriteEndObject();
            }));
    }

    private Problem? Refusal(IStream stream, WatermarkBody body)
    {
        if (!stream.Definition.IsIngest)
        {
            return Problem.Conflict($"'{stream.Name}' is the output of a stage; its watermark comes from there.");
        }

        var ahead = stream.Definition.MaxAhead;
        return body.IsEnd || body.Ticks - time.GetUtcNow().Ticks <= ahead.Ticks ? null : new Problem(
            422,
            "too-far-ahead",
            "This time is too far ahead",
            $"{UtcTime.Format(body.Ticks)} is more than {ahead} (maxAhead of '{stream.Name}') later than now: events "
            + "until then would all be late. Where no event will come any more, send {\"end\":true}.");
    }

    private bool IsShown(HttpContext context, IStream stream) => !options.IsConfigured
        || RoleRequirement.Has(context.User, AccessRoles.Reader, stream.Name.Value);
}
