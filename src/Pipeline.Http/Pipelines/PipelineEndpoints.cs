using Microsoft.AspNetCore.Http;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Http.Pipelines;

/// <summary>GET and DELETE of pipelines, and what may be done with a running one.</summary>
internal sealed class PipelineEndpoints(EngineAccess access)
{
    public Task ListAsync(HttpContext context)
    {
        if (!access.TryGetPipelines(out var pipelines, out var problem))
        {
            return ProblemWriter.WriteAsync(context, problem);
        }

        return JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartArray();
            foreach (var pipeline in pipelines.List())
            {
                PipelineJson.Write(json, pipeline, withDefinition: false);
            }

            json.WriteEndArray();
        });
    }

    public Task GetAsync(HttpContext context)
    {
        if (!access.TryGetPipelines(out var pipelines, out var problem))
        {
            return ProblemWriter.WriteAsync(context, problem);
        }

        if (!pipelines.TryGet(NameOf(context), out var pipeline))
        {
            return ProblemWriter.WriteAsync(context, Problem.PipelineNotFound(NameOf(context)));
        }

        GenerationTag.Write(context, pipeline.Generation);
        return JsonAnswer.WriteAsync(context, json => PipelineJson.Write(json, pipeline, withDefinition: true));
    }

    public Task DeleteAsync(HttpContext context)
    {
        var streams = context.Request.Query["streams"].ToString();
        if (streams is not ("" or "keep" or "delete"))
        {
            return ProblemWriter.WriteAsync(
                context, Problem.Malformed($"streams must be keep or delete, not '{streams}'."));
        }

        return ChangeAsync(context, (pipelines, name, generation) =>
            pipelines.DeleteAsync(name, streams == "delete", generation, context.RequestAborted));
    }

    public Task PauseAsync(HttpContext context) => ChangeAsync(context, (pipelines, name, generation) =>
        pipelines.PauseAsync(name, generation, context.RequestAborted));

    public Task ResumeAsync(HttpContext context) => ChangeAsync(context, (pipelines, name, generation) =>
        pipelines.ResumeAsync(name, generation, context.RequestAborted));

    public Task SavepointAsync(HttpContext context) => RunAsync(
        context, static (pipelines, name, cancellationToken) => pipelines.SavepointAsync(name, cancellationToken));

    public Task RedriveAsync(HttpContext context) => RunAsync(
        context, static (pipelines, name, cancellationToken) => pipelines.RedriveAsync(name, cancellationToken));

    public Task ReplayAsync(HttpContext context)
    {
        var from = context.Request.Query["from"].ToString();
        long ticks = 0;
        if (from.Length > 0 && !UtcTime.TryParse(from, out ticks))
        {
            return ProblemWriter.WriteAsync(
                context, Problem.Malformed($"from must be an ISO 8601 time, not '{from}'."));
        }

        return RunAsync(context, (pipelines, name, cancellationToken) =>
            pipelines.ReplayAsync(name, ticks, cancellationToken));
    }

    public Task StateAsync(HttpContext context) => RunAsync(context, (pipelines, name, cancellationToken) =>
        pipelines.StageStateAsync(
            name,
            (string)context.Request.RouteValues["stage"]!,
            (string)context.Request.RouteValues["key"]!,
            cancellationToken));

    private static string NameOf(HttpContext context) => (string)context.Request.RouteValues["pipeline"]!;

    /// <summary>Only where the pipeline has the generation that the request asks for, if it does.</summary>
    private Task ChangeAsync(
        HttpContext context, Func<IPipelines, string, long?, ValueTask<PipelineOutcome>> change) =>
        GenerationTag.TryRead(context.Request, out var generation)
            ? RunAsync(context, (pipelines, name, _) => change(pipelines, name, generation))
            : ProblemWriter.WriteAsync(context, GenerationTag.Malformed);

    private async Task RunAsync(
        HttpContext context, Func<IPipelines, string, CancellationToken, ValueTask<PipelineOutcome>> run)
    {
        if (!access.TryGetPipelines(out var pipelines, out var problem))
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        var name = NameOf(context);
        var outcome = await run(pipelines, name, context.RequestAborted);
        if (PipelineProblems.Of(outcome, name) is { } refusal)
        {
            await ProblemWriter.WriteAsync(context, refusal);
            return;
        }

        await JsonAnswer.WriteAsync(context, json =>
        {
            if (pipelines.TryGet(name, out var pipeline))
            {
                PipelineJson.Write(json, pipeline, withDefinition: false);
                return;
            }

            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteBoolean("deleted", true);
            json.WriteEndObject();
        });
    }
}
