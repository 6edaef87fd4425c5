using Microsoft.AspNetCore.Http;
using Pipeline.Http.Bodies;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;
using Pipeline.Ingestion;
using Pipeline.Monitoring.Metrics;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Http.Events;

/// <summary>
/// POST /v1/streams/{stream}/events. Reads the body itself: no model binding on the hot path.
/// </summary>
internal sealed class PostEvents(EngineAccess access, Ingestor ingestor, IngestBudgets budgets, IngestMetrics metrics)
{
    private readonly IngestTargets _targets = new();

    public async Task HandleAsync(HttpContext context)
    {
        var started = IngestMetrics.Start();
        if (!access.TryGetStream((string)context.Request.RouteValues["stream"]!, out var stream, out var problem))
        {
            await RefuseAsync(context, problem);
            return;
        }

        if (TryReadHead(context.Request, stream, out var request) is { } wrong)
        {
            await RefuseAsync(context, wrong);
            return;
        }

        using var body = budgets.NewEventBody(Caller.Of(context));
        problem = await BodyReader.ReadAsync(context.Request, body, request.Target.Limits.MaxRequestBytes);
        if (problem is not null)
        {
            await RefuseAsync(context, problem);
            return;
        }

        var work = budgets.WorkOf(body.Length);
        if (!budgets.Work.TryTake(work))
        {
            await RefuseAsync(context, BodyProblems.TooFast());
            return;
        }

        request.Body = body.Bytes;
        var outcome = await IngestAsync(request, work);
        if (outcome.Problem is not null)
        {
            await RefuseAsync(context, IngestProblems.Of(outcome));
            return;
        }

        metrics.Accept(started, outcome.Accepted, outcome.Duplicates, body.Length);
        IngestAnswer.Write(context.Response, outcome);
    }

    private async ValueTask<IngestOutcome> IngestAsync(IngestRequest request, long work)
    {
        try
        {
            return await ingestor.IngestAsync(request);
        }
        finally
        {
            budgets.Work.Give(work);
        }
    }

    /// <summary>Understands everything before the body; a problem where something in it makes no sense.</summary>
    private Problem? TryReadHead(HttpRequest http, IStream stream, out IngestRequest request)
    {
        request = null!;
        if (!stream.Definition.IsIngest)
        {
            return new Problem(409, "not-an-ingest-stream", "Only its stage writes to this stream",
                $"'{stream.Name}' is the output of stage '{stream.Definition.Stage}'.");
        }

        if (!EventMediaType.TryRead(http, out var format, out var error))
        {
            return Problem.UnsupportedMediaType(error);
        }

        BinaryCloudEvent? cloudEvent = null;
        var isCloudEvent = format is not (BodyFormat.Ndjson or BodyFormat.Json);
        if (!IngestHeaders.TryReadHandle(http.Headers, isCloudEvent, out var handle, out error)
            || !IngestHeaders.TryReadEventKey(http.Headers, out var key, out error)
            || (format == BodyFormat.CloudEventBinary && !CloudEventHeaders.TryRead(http, out cloudEvent, out error)))
        {
            return Problem.Malformed(error);
        }

        request = new IngestRequest
        {
            Target = _targets.Of(stream),
            Format = format,
            Key = key,
            Handle = handle,
            CloudEvent = cloudEvent,
            IsAtomic = http.QueryString.HasValue && http.Query["atomic"] == "true",
        };
        return null;
    }

    private Task RefuseAsync(HttpContext context, Problem problem)
    {
        metrics.Refuse(problem.Name);
        return ProblemWriter.WriteAsync(context, problem);
    }
}
