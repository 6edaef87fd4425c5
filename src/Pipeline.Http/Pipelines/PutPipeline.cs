using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Bodies;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Http.Pipelines;

/// <summary>PUT /v1/pipelines/{pipeline}: checks a definition and puts it into force.</summary>
internal sealed class PutPipeline(EngineAccess access, IngestBudgets budgets)
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Parts of the interface that must not be passed over: they say what not to do.</summary>
    private static readonly string[] NotBuilt = ["savepoint"];

    private static readonly UTF8Encoding Strict = new(false, true);

    public async Task HandleAsync(HttpContext context)
    {
        if (!access.TryGetPipelines(out var pipelines, out var problem))
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        var mediaType = MediaTypeOf(context.Request.ContentType);
        if (mediaType is null)
        {
            await ProblemWriter.WriteAsync(
                context, Problem.UnsupportedMediaType("A definition is application/yaml or application/json."));
            return;
        }

        if (!GenerationTag.TryRead(context.Request, out var generation))
        {
            await ProblemWriter.WriteAsync(context, GenerationTag.Malformed);
            return;
        }

        if (NotBuilt.FirstOrDefault(context.Request.Query.ContainsKey) is { } asked)
        {
            await ProblemWriter.WriteAsync(
                context, Problem.NotBuilt($"'{asked}' is not built yet: nothing was applied. Leave it out to apply."));
            return;
        }

        if (!TryReadTrial(context.Request, out var isTrial, out problem)
            || !ResetQuery.TryRead(context.Request, out var reset, out problem))
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        var (text, wrong) = await ReadAsync(context.Request);
        if (wrong is not null)
        {
            await ProblemWriter.WriteAsync(context, wrong);
            return;
        }

        var name = (string)context.Request.RouteValues["pipeline"]!;
        var request = new ApplyRequest
        {
            Name = name,
            Text = text,
            MediaType = mediaType,
            IfGeneration = generation,
            ResetAll = reset.All,
            Reset = reset.Stages,
        };
        await AnswerAsync(context, isTrial
            ? await pipelines.TryAsync(request, context.RequestAborted)
            : await pipelines.ApplyAsync(request, context.RequestAborted));
    }

    /// <summary>Without a value it would look like a trial, and be applied.</summary>
    private static bool TryReadTrial(HttpRequest request, out bool isTrial, [NotNullWhen(false)] out Problem? problem)
    {
        var text = request.Query.TryGetValue("dryRun", out var asks) ? asks.ToString() : "false";
        isTrial = text == "true";
        problem = text is "true" or "false"
            ? null
            : Problem.Malformed($"dryRun must be true or false, not '{text}'.");
        return problem is null;
    }

    /// <summary>Goes back to an earlier text: applied anew, as the next generation.</summary>
    public async Task RollBackAsync(HttpContext context)
    {
        if (!access.TryGetPipelines(out var pipelines, out var problem))
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        var name = (string)context.Request.RouteValues["pipeline"]!;
        if (pipelines.Versions(name) is not { } versions)
        {
            await ProblemWriter.WriteAsync(context, Problem.PipelineNotFound(name));
            return;
        }

        if (!GenerationTag.TryRead(context.Request, out var expected))
        {
            await ProblemWriter.WriteAsync(context, GenerationTag.Malformed);
            return;
        }

        if (!ResetQuery.TryRead(context.Request, out var reset, out problem))
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        var (generation, wrong) = await RollbackRequest.ReadAsync(context.Request, budgets);
        if (wrong is not null)
        {
            await ProblemWriter.WriteAsync(context, wrong);
            return;
        }

        if (versions.FirstOrDefault(version => version.Generation == generation) is not { } found)
        {
            await ProblemWriter.WriteAsync(context, Problem.NotFound(
                $"Generation {generation} of pipeline '{name}' is not kept. GET {context.Request.PathBase}"
                + $"/v1/pipelines/{name}/versions lists those that are."));
            return;
        }

        var request = new ApplyRequest
        {
            Name = name,
            Text = found.Text,
            MediaType = found.MediaType,
            IfGeneration = expected,
            ResetAll = reset.All,
            Reset = reset.Stages,
        };
        await AnswerAsync(context, await pipelines.ApplyAsync(request, context.RequestAborted));
    }

    private static Task AnswerAsync(HttpContext context, ApplyOutcome outcome)
    {
        if (PipelineProblems.Of(outcome) is { } refusal)
        {
            return ProblemWriter.WriteAsync(context, refusal);
        }

        if (outcome.Pipeline is { } now)
        {
            GenerationTag.Write(context, now.Generation);
        }

        return outcome.Status == ApplyStatus.Valid
            ? JsonAnswer.WriteAsync(context, json => TrialJson.Write(json, outcome.Changes))
            : JsonAnswer.WriteAsync(context, json => Write(json, outcome), outcome.Pending.Count == 0 ? 200 : 202);
    }

    private static void Write(Utf8JsonWriter json, ApplyOutcome outcome)
    {
        json.WriteStartObject();
        json.WriteBoolean("changed", outcome.Status == ApplyStatus.Applied);
        if (outcome.Pipeline is { } pipeline)
        {
            json.WriteString("name", pipeline.Name);
            json.WriteNumber("generation", pipeline.Generation);
        }

        if (outcome.Pending.Count > 0)
        {
            json.WriteStartArray("pending");
            foreach (var partition in outcome.Pending)
            {
                json.WriteStringValue(partition);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static string? MediaTypeOf(string? contentType)
    {
        var type = contentType?.Split(';')[0].Trim().ToLowerInvariant();
        return type switch
        {
            "application/yaml" or "application/x-yaml" or "text/yaml" or "text/x-yaml" => "application/yaml",
            "application/json" => "application/json",
            _ => null,
        };
    }

    private async ValueTask<(string Text, Problem? Problem)> ReadAsync(HttpRequest request)
    {
        using var body = budgets.NewControlBody(Caller.Of(request.HttpContext));
        if (await BodyReader.ReadAsync(request, body, MaxBytes) is { } problem)
        {
            return ("", problem);
        }

        try
        {
            return (Strict.GetString(body.Bytes.Span), null);
        }
        catch (DecoderFallbackException)
        {
            return ("", Problem.Malformed("The definition is not valid UTF-8."));
        }
    }
}
