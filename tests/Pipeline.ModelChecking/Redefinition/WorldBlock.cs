using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>One committed block: a part.</summary>
internal sealed class WorldBlock
{
    private WorldBlock(long first, int count, byte[] payload, UInt128 print) =>
        (First, Count, Payload, Print) = (first, count, payload, print);

    public long First { get; }

    public int Count { get; }

    public byte[] Payload { get; }

    public UInt128 Print { get; }

    /// <summary>An event that a client sent, or for <c>w</c> and a number a watermark that a person gave.</summary>
    public static WorldBlock Of(long first, string text)
    {
        if (text[0] == 'w')
        {
            var ticks = new byte[StageControl.WatermarkSize];
            StageControl.WriteWatermark(ticks, long.Parse(text[1..]));
            return Of(first, new PartHeader { Kind = PartKind.Watermark }, ticks);
        }

        var record = new RecordView { Value = Encoding.UTF8.GetBytes(text) };
        var bytes = new byte[RecordCodec.Size(record)];
        RecordCodec.Write(record, bytes);
        return Of(first, new PartHeader { Kind = PartKind.Events, Count = 1, AcceptedTime = 1 }, bytes);
    }

    /// <summary>Outputs of a stage.</summary>
    public static WorldBlock Of(long first, OutputPart part)
    {
        PartCodec.TryRead(part.Bytes.Span, out var view, out _);
        return new WorldBlock(first, part.Header.Count, part.Bytes.ToArray(), Fingerprints.Of(view.Body));
    }

    /// <summary>The values of its events.</summary>
    public List<string> Values()
    {
        var values = new List<string>();
        PartCodec.TryRead(Payload, out var part, out _);
        var body = part.Body;
        for (var i = 0; i < Count && RecordCodec.TryRead(body, out var record, out var size); i++)
        {
            values.Add(Encoding.UTF8.GetString(record.Value));
            body = body[size..];
        }

        return values;
    }

    private static WorldBlock Of(long first, PartHeader header, byte[] body)
    {
        var size = PartCodec.HeaderSize(HandleKind.None, header.Count);
        var payload = new byte[size + body.Length];
        PartCodec.WriteHeader(header, [], body.Length, payload);
        body.CopyTo(payload, size);
        return new WorldBlock(first, header.Count, payload, Fingerprints.Of(payload));
    }
}
