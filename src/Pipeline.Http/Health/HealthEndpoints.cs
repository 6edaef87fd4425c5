using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Hosting;
using Pipeline.Http.Text;
using Pipeline.Runtime.Engine;

namespace Pipeline.Http.Health;

/// <summary>
/// GET /health: 200 while events are accepted, else 503. GET /alive: 200 while the process should be left alone.
/// </summary>
internal sealed class HealthEndpoints(EngineAccess access)
{
    public Task HealthAsync(HttpContext context)
    {
        var health = access.Engine.Health;
        if (health.IsAccepting && !access.IsHostReady)
        {
            health = health with { IsAccepting = false, Detail = "applying definitions" };
        }

        return JsonAnswer.WriteAsync(context, json => Write(json, health), health.IsAccepting ? 200 : 503);
    }

    public Task AliveAsync(HttpContext context)
    {
        var state = access.Engine.Health.State;
        var isAlive = state is not (EngineState.Fenced or EngineState.Refused);
        return JsonAnswer.WriteAsync(
            context,
            json =>
            {
                json.WriteStartObject();
                json.WriteString("state", NameOf(state));
                json.WriteEndObject();
            },
            isAlive ? 200 : 503);
    }

    private static void Write(Utf8JsonWriter json, EngineHealth health)
    {
        json.WriteStartObject();
        json.WriteString("state", NameOf(health.State));
        json.WriteBoolean("accepting", health.IsAccepting);
        json.WriteString("detail", health.Detail);
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
        json.WriteEndObject();
    }

    private static string NameOf(EngineState state) => state.ToString().ToLowerInvariant();
}
