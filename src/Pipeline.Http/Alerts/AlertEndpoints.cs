using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;
using Pipeline.Monitoring.Alerts;

namespace Pipeline.Http.Alerts;

/// <summary>GET /v1/alerts, POST /v1/alerts/{name}/silence, POST /v1/alerts/test.</summary>
internal sealed class AlertEndpoints(
    AlertBoard board,
    AlertTurn turn,
    AlertOptions options,
    AlertPost post,
    IngestBudgets budgets,
    TimeProvider time)
{
    public async Task GetAsync(HttpContext context)
    {
        await turn.RefreshAsync(context.RequestAborted);
        var list = board.List();
        await JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("telling", turn.IsMine);
            json.WriteStartArray("alerts");
            foreach (var view in list)
            {
                foreach (var active in view.Active)
                {
                    Write(json, view, active);
                }
            }

            json.WriteEndArray();
            json.WriteStartArray("rules");
            foreach (var view in list)
            {
                Write(json, view);
            }

            json.WriteEndArray();
            json.WriteStartArray("targets");
            foreach (var target in options.Targets)
            {
                json.WriteStringValue(target.Name);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    public async Task SilenceAsync(HttpContext context)
    {
        var (duration, problem) = await SilenceRequest.ReadAsync(context.Request, budgets);
        var name = (string)context.Request.RouteValues["name"]!;
        DateTimeOffset until = default;
        if (problem is null && !board.TrySilence(name, duration, out until))
        {
            problem = Problem.NotFound($"There is no alert '{name}'. GET /v1/alerts lists them.");
        }

        if (problem is null && !await turn.TellAsync(context.RequestAborted) && options.IsShared)
        {
            problem = Problem.Unavailable("The host that tells of alerts does not know of it; try again.");
        }

        if (problem is not null)
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        await JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteTime("silencedUntil", until.UtcTicks);
            json.WriteEndObject();
        });
    }

    public async Task TestAsync(HttpContext context)
    {
        if (options.Targets.Count == 0)
        {
            await ProblemWriter.WriteAsync(
                context, Problem.Conflict("Nobody is told of alerts: set Pipeline:Alerts:Webhook:{name}:Url."));
            return;
        }

        var notice = AlertNotice.Test(time.GetUtcNow().UtcTicks);
        var errors = await Task.WhenAll(
            options.Targets.Select(target => post.SendAsync(target, notice, context.RequestAborted)));
        await JsonAnswer.WriteAsync(context, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("targets");
            foreach (var (target, error) in options.Targets.Zip(errors))
            {
                json.WriteStartObject();
                json.WriteString("name", target.Name);
                json.WriteBoolean("delivered", error is null);
                json.WriteString("error", error);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, AlertView view, ActiveAlert active)
    {
        json.WriteStartObject();
        json.WriteString("name", view.Rule.Name);
        json.WriteString("severity", view.Rule.Severity);
        AlertBody.WriteLabels(json, active.Value.Labels);
        json.WriteNumber("value", active.Value.Value);
        json.WriteTime("since", active.Since);
        json.WriteString("summary", view.Rule.Summary);
        json.WriteString("runbook", view.Rule.Runbook);
        json.WriteTime("silencedUntil", view.SilencedUntil);
        WriteLast(json, view.Last);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, AlertView view)
    {
        json.WriteStartObject();
        json.WriteString("name", view.Rule.Name);
        json.WriteString("severity", view.Rule.Severity);
        json.WriteNumber("above", view.Rule.Above);
        json.WriteNumber("forSeconds", view.Rule.For.TotalSeconds);
        json.WriteBoolean("enabled", view.Rule.IsEnabled);
        json.WriteTime("silencedUntil", view.SilencedUntil);
        WriteLast(json, view.Last);
        json.WriteEndObject();
    }

    private static void WriteLast(Utf8JsonWriter json, AlertDelivery? last)
    {
        if (last is null)
        {
            json.WriteNull("lastNotification");
            return;
        }

        json.WriteStartObject("lastNotification");
        json.WriteTime("time", last.Time);
        json.WriteString("target", last.Target);
        json.WriteString("status", last.IsFiring ? "firing" : "resolved");
        json.WriteString("error", last.Error);
        json.WriteEndObject();
    }
}
