using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Http.Text;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Http.Events;

/// <summary>
/// Writes one event as GET gives it, on one line: line breaks between the tokens of a value become spaces, everything
/// else of it stays byte for byte.
/// </summary>
internal sealed class EventJson(IBufferWriter<byte> to)
{
    private readonly byte[] _time = new byte[UtcTime.Length];
    private long _timeTicks = -1;

    /// <summary>With the id of a trace, where one is given.</summary>
    public void Write(
        int partition, long offset, long acceptedTicks, in RecordView record, in TraceContext trace = default)
    {
        if (acceptedTicks != _timeTicks)
        {
            UtcTime.Format(acceptedTicks, _time);
            _timeTicks = acceptedTicks;
        }

        WriteNumber("{\"partition\":"u8, partition);
        WriteNumber(",\"offset\":"u8, offset);
        if (record.HasKey)
        {
            to.Write(",\"key\":\""u8);
            WriteEscaped(record.Key);
            to.Write("\""u8);
        }

        to.Write(",\"time\":\""u8);
        to.Write(_time);
        if (!trace.IsNone)
        {
            to.Write("\",\"trace\":\""u8);
            Encoding.ASCII.GetBytes(trace.TraceId.ToString(), to);
        }

        to.Write("\",\"value\":"u8);
        WriteOnOneLine(record.Value);
        if (!record.Attributes.IsEmpty)
        {
            to.Write(",\"cloudevent\":"u8);
            WriteOnOneLine(record.Attributes);
        }

        to.Write("}"u8);
    }

    private void WriteNumber(ReadOnlySpan<byte> name, long number)
    {
        to.Write(name);
        Utf8Formatter.TryFormat(number, to.GetSpan(20), out var length);
        to.Advance(length);
    }

    private void WriteEscaped(ReadOnlySpan<byte> text)
    {
        var encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        to.Write(encoder.FindFirstCharacterToEncodeUtf8(text) < 0
            ? text
            : JsonEncodedText.Encode(text, encoder).EncodedUtf8Bytes);
    }

    private void WriteOnOneLine(ReadOnlySpan<byte> json)
    {
        while (true)
        {
            var at = json.IndexOfAny((byte)'\n', (byte)'\r');
            if (at < 0)
            {
                to.Write(json);
                return;
            }

            to.Write(json[..at]);
            to.Write(" "u8);
            json = json[(at + 1)..];
        }
    }
}
