using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Pipeline.Ingestion;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Http.Events;

/// <summary>The attributes of a CloudEvent in binary mode (CloudEvents 1.0, HTTP binding, section 3.1).</summary>
internal static class CloudEventHeaders
{
    public const string SpecVersion = "ce-specversion";

    private const string Prefix = "ce-";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static bool TryRead(HttpRequest request, [NotNullWhen(true)] out BinaryCloudEvent? head, out string error)
    {
        head = null;
        var attributes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in request.Headers)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                if (!HeaderText.TryDecode(values.ToString(), out var value, out var wrong))
                {
                    error = $"{name}: {wrong}.";
                    return false;
                }

                attributes[name[Prefix.Length..].ToLowerInvariant()] = value;
            }
        }

        if (request.ContentType is { } contentType)
        {
            attributes["datacontenttype"] = contentType;
        }

        error = Check(attributes);
        if (error.Length > 0)
        {
            return false;
        }

        var json = Encode(attributes);
        if (json.Length > RecordCodec.MaxAttributesLength)
        {
            error = "The attributes are longer than 65535 bytes.";
            return false;
        }

        var handle = HandleHash.OfEvent(
            Encoding.UTF8.GetBytes(attributes["source"]), Encoding.UTF8.GetBytes(attributes["id"]));
        ReadOnlyMemory<byte>? partitionKey = null;
        if (attributes.TryGetValue("partitionkey", out var key))
        {
            partitionKey = Encoding.UTF8.GetBytes(key);
        }

        head = new BinaryCloudEvent(json, handle, partitionKey);
        return true;
    }

    private static string Check(SortedDictionary<string, string> attributes)
    {
        foreach (var name in new[] { "id", "source", "type" })
        {
            if (!attributes.TryGetValue(name, out var value) || value.Length == 0)
            {
                return $"The header {Prefix}{name} is missing.";
            }
        }

        if (attributes["specversion"] != "1.0")
        {
            return $"{SpecVersion} must be 1.0.";
        }

        if (attributes.TryGetValue("time", out var time) && !Rfc3339.IsTime(Encoding.UTF8.GetBytes(time)))
        {
            return $"ce-time must be a time of RFC 3339, as {Rfc3339.Example}, not '{time}'.";
        }

        var wrong = attributes.Keys.FirstOrDefault(
            n => !n.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)));
        return wrong is not null ? $"{Prefix}{wrong}: an attribute's name has letters and digits only."
            : attributes["id"].Length + attributes["source"].Length > IngestLimits.Default.MaxHandleBytes
                ? "ce-source and ce-id are too long."
                : "";
    }

    private static byte[] Encode(SortedDictionary<string, string> attributes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        json.WriteStartObject();
        foreach (var (name, value) in attributes)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }
}
