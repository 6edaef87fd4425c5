using System.Text.Json;
using Pipeline.Http.Text;
using Pipeline.Runtime.Engine;

namespace Pipeline.Http.Health;

/// <summary>
/// Remembers since when each check is as it is, and writes them as
/// <c>{"status","checks":[{"name","status","reason","since"}]}</c>. Safe to use from any thread.
/// </summary>
public sealed class HealthBoard(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (HealthStatus Status, long Since)> _known = [];

    /// <summary>The worst of them.</summary>
    public static HealthStatus StatusOf(IEnumerable<CheckResult> checks) =>
        checks.Select(static check => check.Status).DefaultIfEmpty(HealthStatus.Ok).Max();

    /// <summary>Looks at them once; what has changed since the last time has changed now.</summary>
    public void Note(IEnumerable<CheckResult> checks)
    {
        lock (_gate)
        {
            foreach (var check in checks)
            {
                SinceOf(check);
            }
        }
    }

    /// <summary>Writes the members status and checks into an object that the caller has begun.</summary>
    public void Write(Utf8JsonWriter json, IReadOnlyList<CheckResult> checks)
    {
        json.WriteString("status"u8, NameOf(StatusOf(checks)));
        json.WriteStartArray("checks"u8);
        foreach (var check in checks)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, check.Name);
            json.WriteString("status"u8, NameOf(check.Status));
            json.WriteString("reason"u8, check.Reason);
            lock (_gate)
            {
                json.WriteString("since", UtcTime.Format(SinceOf(check)));
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private long SinceOf(CheckResult check)
    {
        if (!_known.TryGetValue(check.Name, out var known) || known.Status != check.Status)
        {
            known = (check.Status, time.GetUtcNow().Ticks);
            _known[check.Name] = known;
        }

        return known.Since;
    }

    private static string NameOf(HealthStatus status) => status switch
    {
        HealthStatus.Ok => "ok",
        HealthStatus.Degraded => "degraded",
        _ => "failed",
    };
}
