using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace Pipeline.Definitions.Cases;

/// <summary>
/// A value of the text as JSON. Without quotes <c>true</c>, <c>false</c>, <c>null</c> (or nothing) and what JSON writes
/// as a number are that, the number with the digits it is written in; all else is text.
/// </summary>
internal static partial class NodeJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static WrittenJson Of(TextNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            Write(json, node);
        }

        return new WrittenJson(Encoding.UTF8.GetString(buffer.WrittenSpan), node.Position);
    }

    private static void Write(Utf8JsonWriter json, TextNode node)
    {
        switch (node)
        {
            case TextMapping mapping:
                json.WriteStartObject();
                foreach (var (key, value) in mapping.Fields)
                {
                    json.WritePropertyName(Variables.Unmask(key.Value));
                    Write(json, value);
                }

                json.WriteEndObject();
                break;
            case TextList list:
                json.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case TextScalar scalar:
                Write(json, scalar);
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, TextScalar scalar)
    {
        if (scalar.IsNull)
        {
            json.WriteNullValue();
        }
        else if (scalar.Style == ScalarStyle.Plain
            && (scalar.Value is "true" or "false" || Number().IsMatch(scalar.Value)))
        {
            json.WriteRawValue(scalar.Value);
        }
        else
        {
            json.WriteStringValue(Variables.Unmask(scalar.Value));
        }
    }

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Number();
}
