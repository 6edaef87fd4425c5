using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Engine;
using Pipeline.Http.Text;
using Pipeline.Runtime.Engine;

namespace Pipeline.Http.Health;

/// <summary>
/// GET /health/ready (= /health): 200 while events are accepted, else 503. GET /health/startup: 200 once it has
/// started. GET /health/live (= /alive): 200 while the process should be left alone.
/// </summary>
internal sealed class HealthEndpoints(EngineAccess access, HealthBoard board)
{
    private volatile bool _hasStarted;

    public Task ReadyAsync(HttpContext context)
    {
        var health = access.Engine.Health;
        var checks = EngineChecks.Ready(health, access.IsHostReady);
        return AnswerAsync(context, checks, json => Write(json, health, checks));
    }

    public Task StartupAsync(HttpContext context)
    {
        var checks = EngineChecks.Startup(access.Engine.Health, access.IsHostReady);
        _hasStarted = _hasStarted || HealthBoard.StatusOf(checks) == HealthStatus.Ok;
        return AnswerAsync(context, _hasStarted ? [new CheckResult("started", HealthStatus.Ok, null)] : checks);
    }

    public Task LiveAsync(HttpContext context)
    {
        var health = access.Engine.Health;
        return AnswerAsync(
            context,
            EngineChecks.Live(health),
            json => json.WriteString("state", EngineChecks.NameOf(health.State)));
    }

    private Task AnswerAsync(
        HttpContext context, IReadOnlyList<CheckResult> checks, Action<Utf8JsonWriter>? more = null) =>
        JsonAnswer.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                board.Write(json, checks);
                more?.Invoke(json);
                json.WriteEndObject();
            },
            HealthBoard.StatusOf(checks) == HealthStatus.Failed ? 503 : 200);

    private static void Write(Utf8JsonWriter json, EngineHealth health, IReadOnlyList<CheckResult> checks)
    {
        var failed = checks.FirstOrDefault(static check => check.Status == HealthStatus.Failed);
        json.WriteString("state", EngineChecks.NameOf(health.State));
        json.WriteBoolean("accepting", failed is null);
        json.WriteString("detail", failed?.Reason);
        json.WriteNumber("partitions", health.Partitions);
        json.WriteNumber("partitionsServing", health.PartitionsServing);
        json.WriteStartArray("stores");
        foreach (var store in health.Stores)
        {
            json.WriteStartObject();
            json.WriteString("name", store.Slot);
            json.WriteString("id", store.Id?.ToString());
            json.WriteBoolean("voting", store.IsVoting);
            json.WriteString("detail", store.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
