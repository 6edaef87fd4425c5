using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Definitions;
using Pipeline.Processing.Sinks;

namespace Pipeline.Processing.Webhooks;

/// <summary>What is sent of an event.</summary>
internal static class WebhookBody
{
    public const string JsonType = "application/json";
    public const string CloudEventType = "application/cloudevents+json";

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static byte[] Of(SinkRow row, WebhookFormat format, WebhookIdentity identity) =>
        format == WebhookFormat.Json ? row.Value : CloudEvent(row, identity);

    /// <summary>
    /// CloudEvents 1.0, JSON format, structured mode. One that came as a CloudEvent keeps its attributes; others are
    /// named by their place in the stream.
    /// </summary>
    private static byte[] CloudEvent(SinkRow row, WebhookIdentity identity)
    {
        var to = new ArrayBufferWriter<byte>(row.Value.Length + 512);
        using (var json = new Utf8JsonWriter(to, Options))
        {
            json.WriteStartObject();
            if (row.Attributes is { } attributes)
            {
                using var kept = JsonDocument.Parse(attributes);
                var names = kept.RootElement.EnumerateObject().Where(static one => one.Name is not "data").ToList();
                names.ForEach(one => one.WriteTo(json));
                if (!names.Exists(static one => one.Name == "specversion"))
                {
                    json.WriteString("specversion", "1.0");
                }
            }
            else
            {
                json.WriteString("specversion", "1.0");
                json.WriteString("id", identity.KeyOf(row));
                json.WriteString("source", $"/v1/streams/{identity.Input}");
                json.WriteString("type", "pipeline.event");
                json.WriteString("time", new DateTime(row.AcceptedTime, DateTimeKind.Utc)
                    .ToString("O", CultureInfo.InvariantCulture));
                json.WriteString("datacontenttype", JsonType);
                if (row.Key is { } key)
                {
                    json.WriteString("partitionkey", Encoding.UTF8.GetString(key));
                }
            }

            json.WritePropertyName("data");
            json.WriteRawValue(row.Value, skipInputValidation: true);
            json.WriteEndObject();
        }

        return to.WrittenSpan.ToArray();
    }
}
