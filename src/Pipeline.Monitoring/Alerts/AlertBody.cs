using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Monitoring.Alerts;

/// <summary>A notification as each kind of target reads it, and its signature.</summary>
internal static class AlertBody
{
    /// <summary>Alertmanager forgets what is not said again: a little longer than until it is.</summary>
    private static readonly TimeSpan Remembered = AlertGroup.Repeat + TimeSpan.FromHours(1);

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(AlertNotice notice, AlertFormat format, DateTimeOffset now)
    {
        var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body, Options))
        {
            switch (format)
            {
                case AlertFormat.Slack:
                    WriteSlack(json, notice);
                    break;
                case AlertFormat.Teams:
                    WriteTeams(json, notice);
                    break;
                case AlertFormat.Alertmanager:
                    WriteAlertmanager(json, notice, now);
                    break;
                default:
                    WriteGeneric(json, notice);
                    break;
            }
        }

        return body.ToArray();
    }

    public static void WriteLabels(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, string>> labels)
    {
        json.WriteStartObject("labels");
        foreach (var (name, value) in labels)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
    }

    private static void WriteGeneric(Utf8JsonWriter json, AlertNotice notice)
    {
        json.WriteStartObject();
        json.WriteString("id", notice.Id);
        json.WriteString("status", StatusOf(notice));
        json.WriteString("name", notice.Name);
        json.WriteString("severity", notice.Severity);
        WriteLabels(json, notice.Labels);
        json.WriteNumber("value", notice.Value);
        json.WriteNumber("count", notice.Count);
        json.WriteString("since", TimeOf(notice.Since));
        json.WriteString("summary", notice.Summary);
        json.WriteString("runbook", notice.Runbook);
        json.WriteEndObject();
    }

    private static void WriteSlack(Utf8JsonWriter json, AlertNotice notice)
    {
        json.WriteStartObject();
        json.WriteString("text", $"*{TitleOf(notice)}*\n{TextOf(notice)}");
        json.WriteEndObject();
    }

    private static void WriteTeams(Utf8JsonWriter json, AlertNotice notice)
    {
        json.WriteStartObject();
        json.WriteString("type", "message");
        json.WriteStartArray("attachments");
        json.WriteStartObject();
        json.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
        json.WriteStartObject("content");
        json.WriteString("type", "AdaptiveCard");
        json.WriteString("version", "1.4");
        json.WriteStartArray("body");
        foreach (var (text, weight) in new[] { (TitleOf(notice), "bolder"), (TextOf(notice), "default") })
        {
            json.WriteStartObject();
            json.WriteString("type", "TextBlock");
            json.WriteString("text", text);
            json.WriteString("weight", weight);
            json.WriteBoolean("wrap", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAlertmanager(Utf8JsonWriter json, AlertNotice notice, DateTimeOffset now)
    {
        var ends = notice.IsFiring ? now + Remembered : now;
        json.WriteStartArray();
        json.WriteStartObject();
        // Labels say which alert it is, so they are the same when it is resolved.
        WriteLabels(json, [new("alertname", notice.Name), new("severity", notice.Severity)]);
        json.WriteStartObject("annotations");
        json.WriteString("summary", TextOf(notice));
        json.WriteString("runbook", notice.Runbook);
        json.WriteEndObject();
        json.WriteString("startsAt", TimeOf(notice.Since));
        json.WriteString("endsAt", TimeOf(ends.UtcTicks));
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static string TimeOf(long ticks) =>
        new DateTime(ticks, DateTimeKind.Utc).ToString("O", CultureInfo.InvariantCulture);

    private static string StatusOf(AlertNotice notice) => notice.IsFiring ? "firing" : "resolved";

    private static string TitleOf(AlertNotice notice) => $"{notice.Name}: {StatusOf(notice)}";

    private static string TextOf(AlertNotice notice)
    {
        var labels = string.Join(", ", notice.Labels.Select(static label => $"{label.Key} {label.Value}"));
        var value = notice.Value.ToString("0.###", CultureInfo.InvariantCulture);
        var more = notice.Count > 1 ? $", and {notice.Count - 1} more" : "";
        return $"{notice.Summary} ({labels}{(labels.Length > 0 ? ": " : "")}{value}{more}) {notice.Runbook}";
    }
}
