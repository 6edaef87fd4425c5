using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;
using Pipeline.Monitoring.History;

namespace Pipeline.Http.History;

/// <summary>GET /v1/history: the last hour of this process and of the service as it knows it.</summary>
internal sealed class HistoryEndpoint(HistoryRing ring)
{
    private const int Digits = 6;

    public Task HandleAsync(HttpContext context)
    {
        var after = -1L;
        if (context.Request.Query["after"].ToString() is { Length: > 0 } text)
        {
            if (!UtcTime.TryParse(text, out var ticks))
            {
                return ProblemWriter.WriteAsync(
                    context, Problem.Malformed($"after must be an ISO 8601 time, not '{text}'."));
            }

            after = HistoryRing.SlotOf(new DateTimeOffset(ticks, TimeSpan.Zero));
        }

        var excerpt = ring.Read(after);
        return JsonAnswer.WriteAsync(context, json => Write(json, excerpt));
    }

    private static void Write(Utf8JsonWriter json, HistoryExcerpt excerpt)
    {
        json.WriteStartObject();
        json.WriteNumber("everySeconds", (int)HistoryRing.Interval.TotalSeconds);
        json.WriteTime("first", excerpt.Count == 0 ? null : HistoryRing.TicksOf(excerpt.First));
        json.WriteNumber("count", excerpt.Count);
        json.WriteStartArray("series");
        foreach (var (series, values) in excerpt.Series)
        {
            json.WriteStartObject();
            json.WriteString("name", series.Name);
            json.WriteString("unit", series.Unit);
            json.WriteString("of", series.IsOfHost ? "host" : "service");
            json.WriteString("pipeline", series.Pipeline);
            json.WriteStartArray("values");
            foreach (var value in values)
            {
                WriteValue(json, value);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(Math.Round(value, Digits));
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
