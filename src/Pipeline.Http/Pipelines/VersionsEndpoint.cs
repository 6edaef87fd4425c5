using Microsoft.AspNetCore.Http;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;

namespace Pipeline.Http.Pipelines;

/// <summary>GET /v1/pipelines/{pipeline}/versions: the texts that were in force, and the one that is.</summary>
internal sealed class VersionsEndpoint(EngineAccess access)
{
    public Task HandleAsync(HttpContext context)
    {
        if (!access.TryGetPipelines(out var pipelines, out var problem))
        {
            return ProblemWriter.WriteAsync(context, problem);
        }

        var name = (string)context.Request.RouteValues["pipeline"]!;
        if (pipelines.Versions(name) is not { } versions || !pipelines.TryGet(name, out var now))
        {
            return ProblemWriter.WriteAsync(context, Problem.PipelineNotFound(name));
        }

        return JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteNumber("generation", now.Generation);
            json.WriteStartArray("versions");
            foreach (var version in versions)
            {
                json.WriteStartObject();
                json.WriteNumber("generation", version.Generation);
                json.WriteTime("replaced", version.Time);
                json.WriteString("mediaType", version.MediaType);
                json.WriteString("definition", version.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
