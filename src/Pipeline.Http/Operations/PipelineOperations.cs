using Microsoft.AspNetCore.Http;
using Pipeline.Http.Access;
using Pipeline.Http.Api;
using Pipeline.Http.Pipelines;

namespace Pipeline.Http.Operations;

/// <summary>The operations on pipelines.</summary>
internal static class PipelineOperations
{
    private const string Path = "/v1/pipelines/{pipeline}";

    private static readonly ApiParameter Name = new("pipeline", "path", "Name of the pipeline.", "telemetry");

    private static readonly ApiParameter Reset = new(
        "reset",
        "query",
        "Stages whose state may be dropped, with commas between them; true: all. Without it, 409 where some would be.",
        "perDevice");

    private static readonly ApiProblem NotFound = new(404, "pipeline-not-found.");

    public static IReadOnlyList<ApiOperation> All(
        PipelineEndpoints pipelines, PutPipeline put, VersionsEndpoint versions, DeadLetterEndpoint deadLetters) =>
        [.. Definitions(pipelines, put), .. Versions(put, versions), .. Running(pipelines, deadLetters)];

    private static IEnumerable<ApiOperation> Definitions(PipelineEndpoints pipelines, PutPipeline put) =>
    [
        new("GET", "/v1/pipelines", "listPipelines", "All pipelines.", pipelines.ListAsync)
        {
            Tag = "Pipelines",
            Role = AccessRoles.Reader,
            Answer = [new("application/json", "Pipelines")],
            AnswerText = "The pipelines, by name.",
        },
        new("GET", Path, "getPipeline", "One pipeline: definition, graph, instances with lag.", pipelines.GetAsync)
        {
            Tag = "Pipelines",
            Role = AccessRoles.Reader,
            Parameters = [Name],
            Answer = [new("application/json", "Pipeline")],
            AnswerText = "The pipeline.",
            Problems = [NotFound],
        },
        new("PUT", Path, "putPipeline", "Put a definition into force.", put.HandleAsync)
        {
            Tag = "Pipelines",
            Role = AccessRoles.Operator,
            Description = "Checks everything first: a definition with a mistake changes nothing.",
            Parameters =
            [
                Name,
                new("dryRun", "query", "true: changes nothing, and says what would become of each stage.", "true"),
                Reset,
            ],
            Body = [new("application/yaml", "Definition"), new("application/json", "Definition")],
            Answer = [new("application/json", "Applied")],
            AnswerText = "In force.",
            Problems =
            [
                new(400, "invalid-definition: errors names line, column and reason of every mistake. malformed: a "
                    + "parameter, as a reset that names no stage."),
                new(409, "conflict: it contradicts what exists; in-use: others read what it would drop, see readers; "
                    + "state-would-be-lost: it would drop what stages hold, see stages and reset; "
                    + "cut-impossible: what runs cannot be brought to where the new text would go on."),
                new(412, "generation-differs: If-Match names another generation."),
                new(415, "unsupported-media-type."),
                new(503, "unavailable."),
            ],
        },
        new("DELETE", Path, "deletePipeline", "End a pipeline.", pipelines.DeleteAsync)
        {
            Tag = "Pipelines",
            Role = AccessRoles.Operator,
            Parameters = [Name, new("streams", "query", "delete: its streams too; keep (default).", "keep")],
            Answer = [new("application/json", "Applied")],
            AnswerText = "It has ended.",
            Problems = [NotFound, new(409, "in-use: others read its streams, see readers."), new(503, "unavailable.")],
        },
    ];

    private static IEnumerable<ApiOperation> Versions(PutPipeline put, VersionsEndpoint versions) =>
    [
        new("GET", Path + "/versions", "listVersions", "The texts that were in force.", versions.HandleAsync)
        {
            Tag = "Pipelines",
            Role = AccessRoles.Reader,
            Parameters = [Name],
            Answer = [new("application/json", "Versions")],
            AnswerText = "Earlier texts, oldest first, as many as are kept.",
            Problems = [NotFound],
        },
        new("POST", Path + "/rollback", "rollBackPipeline", "Put an earlier text into force again.", put.RollBackAsync)
        {
            Tag = "Pipelines",
            Role = AccessRoles.Operator,
            Description = "As PUT with that text: it becomes the next generation.",
            Parameters = [Name, Reset],
            Body = [new("application/json", "Rollback")],
            Answer = [new("application/json", "Applied")],
            AnswerText = "In force.",
            Problems =
            [
                new(400, "malformed."),
                new(404, "pipeline-not-found; not-found: that generation is not kept."),
                new(409, "conflict, in-use, state-would-be-lost, cut-impossible, as for PUT."),
                new(415, "unsupported-media-type."),
                new(503, "unavailable."),
            ],
        },
    ];

    private static IEnumerable<ApiOperation> Running(PipelineEndpoints pipelines, DeadLetterEndpoint deadLetters) =>
    [
        Action("pause", "Stop at a checkpoint, until resumed.", pipelines.PauseAsync),
        Action("resume", "Go on after a pause.", pipelines.ResumeAsync),
        Action("savepoints", "Name the state of all stages.", pipelines.SavepointAsync),
        Action("replay", "Run the stages again from an earlier time.", pipelines.ReplayAsync),
        new("GET", Path + "/dead-letters", "getDeadLetters", "What the pipeline could not process.",
            deadLetters.HandleAsync)
        {
            Tag = "Pipelines",
            Role = AccessRoles.Reader,
            Parameters =
            [
                Name,
                new("from", "query", "Where to begin: the next of the page before.", "0"),
                new("max", "query", "At most so many: 100 by default, 1,000 at most.", "100"),
            ],
            Answer = [new("application/json", "DeadLetters")],
            AnswerText = "A page, oldest first.",
            Problems = [new(400, "malformed."), NotFound],
        },
        Action("dead-letters/redrive", "Give dead letters back to the stage that refused them.",
            pipelines.RedriveAsync),
        new("GET", Path + "/stages/{stage}/state/{key}", "getStageState", "The state a stage has for a key.",
            pipelines.StateAsync)
        {
            Tag = "Pipelines",
            Role = AccessRoles.Reader,
            Parameters = [Name, new("stage", "path", "Name of the stage."), new("key", "path", "The key.")],
            Answer = [new("application/json", "Value")],
            AnswerText = "The state.",
            Problems = [NotFound, new(501, "not-built.")],
        },
    ];

    private static ApiOperation Action(string action, string summary, RequestDelegate handler) =>
        new("POST", $"{Path}/{action}", IdOf(action), summary, handler)
        {
            Tag = "Pipelines",
            Role = AccessRoles.Operator,
            Parameters = action == "replay"
                ? [Name, new("from", "query", "ISO 8601 time; earliest without it.", "2026-01-01T00:00:00Z")]
                : [Name],
            Answer = [new("application/json", "Pipeline")],
            AnswerText = "Done; the pipeline as it is now.",
            Problems = action is "pause" or "resume"
                ? [NotFound, new(409, "conflict."), new(503, "unavailable.")]
                : [NotFound, new(409, "conflict."), new(501, "not-built."), new(503, "unavailable.")],
        };

    private static string IdOf(string action) => action switch
    {
        "savepoints" => "createSavepoint",
        "dead-letters/redrive" => "redriveDeadLetters",
        _ => action + "Pipeline",
    };
}
