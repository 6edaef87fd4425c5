using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pipeline.Kernel.Stages;

/// <summary>A dead letter's value: where the event came from, why it was refused, and its own bytes.</summary>
public sealed class DeadLetterJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int KeptBytes = 1 << 20;

    private ArrayBufferWriter<byte> _buffer = new();

    /// <summary>The letter, one JSON object; its bytes live until the next one is written.</summary>
    /// <param name="stage">The stage or sink that refused the event.</param>
    /// <param name="stream">The stream it was read from.</param>
    /// <param name="record">The event.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="attempts">How often it was tried.</param>
    public ReadOnlySpan<byte> Write(
        string stage, string stream, in StageRecord record, string reason, int attempts = 1)
    {
        if (_buffer.Capacity > KeptBytes)
        {
            _buffer = new ArrayBufferWriter<byte>();
        }

        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("stage", stage);
            json.WriteString("stream", stream);
            json.WriteNumber("partition", record.Partition);
            json.WriteNumber("offset", record.Offset);
            json.WriteString("reason", reason);
            json.WriteNumber("attempts", attempts);
            json.WritePropertyName("value");
            json.WriteRawValue(record.Value.IsEmpty ? "null"u8 : record.Value, skipInputValidation: true);
            json.WriteEndObject();
        }

        return _buffer.WrittenSpan;
    }
}
