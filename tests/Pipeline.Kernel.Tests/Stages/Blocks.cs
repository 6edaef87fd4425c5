using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Xunit;

namespace Pipeline.Kernel.Tests.Stages;

/// <summary>Builds an input partition, block by block, and feeds it to machines.</summary>
internal sealed class Blocks
{
    private readonly List<(long First, byte[] Payload)> _blocks = [];

    public long End { get; private set; }

    public int Count => _blocks.Count;

    public Blocks Events(params (string Key, string Value)[] events) => Events(1_000, events);

    public Blocks Events(long acceptedTime, params (string Key, string Value)[] events)
    {
        var body = new List<byte>();
        foreach (var (key, value) in events)
        {
            var record = new RecordView
            {
                Flags = key.Length > 0 ? RecordFlags.Key : RecordFlags.None,
                Key = Encoding.UTF8.GetBytes(key),
                Value = Encoding.UTF8.GetBytes(value),
            };
            var bytes = new byte[RecordCodec.Size(record)];
            RecordCodec.Write(record, bytes);
            body.AddRange(bytes);
        }

        Add(PartKind.Events, events.Length, acceptedTime, [.. body]);
        End += events.Length;
        return this;
    }

    public Blocks Watermark(long ticks)
    {
        var payload = new byte[StageControl.WatermarkSize];
        StageControl.WriteWatermark(payload, ticks);
        Add(PartKind.Watermark, 0, 0, payload);
        return this;
    }

    public Blocks Heartbeat(long ticks, Hash128 instance)
    {
        var payload = new byte[StageControl.HeartbeatSize];
        StageControl.WriteHeartbeat(payload, ticks, instance);
        Add(PartKind.Heartbeat, 0, 0, payload);
        return this;
    }

    public Blocks Upstream(PartKind kind, Hash128 producer, long generation, long value)
    {
        var payload = new byte[StageControl.UpstreamSize];
        StageControl.WriteUpstream(payload, producer, generation, value);
        Add(kind, 0, 0, payload);
        return this;
    }

    public bool Feed(StageMachine machine, int block, TraceContext trace = default) => machine.TryStep(new StageInput
    {
        Segment = 0,
        Block = block,
        First = _blocks[block].First,
        Payload = _blocks[block].Payload,
        Trace = trace,
    });

    public void FeedAll(StageMachine machine)
    {
        for (var block = machine.Cursor.Block + 1; block < Count; block++)
        {
            Assert.True(Feed(machine, block), machine.Failure);
        }
    }

    private void Add(PartKind kind, int count, long acceptedTime, byte[] body)
    {
        var header = new PartHeader { Kind = kind, Count = count, AcceptedTime = acceptedTime };
        var size = PartCodec.HeaderSize(HandleKind.None, count);
        var part = new byte[size + body.Length];
        PartCodec.WriteHeader(header, [], body.Length, part);
        body.CopyTo(part, size);
        _blocks.Add((End, part));
    }
}
