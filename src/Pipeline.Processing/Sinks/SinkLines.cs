using System.Buffers;
using Pipeline.Kernel.Codecs;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Sinks;

/// <summary>Turns blocks into lines: one value each; a line break inside a value becomes a blank.</summary>
internal sealed class SinkLines
{
    private readonly ArrayBufferWriter<byte> _lines = new(1 << 16);

    public ReadOnlyMemory<byte> Written => _lines.WrittenMemory;

    /// <summary>Adds the events from <paramref name="from"/> on; returns the offset after the last one.</summary>
    public long Add(in LogBlock block, long from)
    {
        var offset = block.First.Value;
        for (var rest = block.Payload.Span; PartCodec.TryRead(rest, out var part, out var size); rest = rest[size..])
        {
            var body = part.Body;
            for (var i = 0; i < part.Header.Count && RecordCodec.TryRead(body, out var record, out var length); i++)
            {
                body = body[length..];
                if (offset++ >= from)
                {
                    Add(record.Value);
                }
            }
        }

        return Math.Max(offset, from);
    }

    public void Clear() => _lines.ResetWrittenCount();

    private void Add(ReadOnlySpan<byte> value)
    {
        var line = _lines.GetSpan(value.Length + 1);
        value.CopyTo(line);
        line[..value.Length].Replace((byte)'\n', (byte)' ');
        line[..value.Length].Replace((byte)'\r', (byte)' ');
        line[value.Length] = (byte)'\n';
        _lines.Advance(value.Length + 1);
    }
}
