using System.Buffers;
using System.Globalization;
using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Compilation;

namespace Pipeline.Queries.Tests.Running;

/// <summary>
/// Queries fused in one stage instance, each over the results of the one before; what comes out is kept as text. Target
/// 0 takes the outputs (eight partitions), 1 dead letters, 2 late events.
/// </summary>
public sealed class Machine
{
    private readonly StageLayout _layout;
    private StageMachine _machine;
    private int _block;

    public Machine(long maxStepBytes, params CompiledQuery[] queries)
    {
        _layout = new StageLayout
        {
            Producer = Hash128.Of("machine"u8),
            Generation = 1,
            InputStream = "in",
            Partition = 0,
            MaxAhead = TimeSpan.TicksPerDay,
            Nodes = [.. queries.Select((query, i) => new StageNode
            {
                Name = $"s{i}",
                Fingerprint = Hash128.Of(Encoding.UTF8.GetBytes($"{i}")),
                Parent = i - 1,
                CreateOperator = query.CreateOperator,
                NeedsWatermark = query.NeedsWatermark,
                Output = i == queries.Length - 1 ? 0 : -1,
                Late = 2,
            })],
            Targets = [new StageTarget(10, 8, true), new StageTarget(11, 1, false), new StageTarget(12, 1, false)],
            DeadLetters = 1,
            MaxStepBytes = maxStepBytes,
        };
        _machine = new StageMachine(_layout);
    }

    /// <summary>"target/partition offset.ordinal key=value@time", by target and partition.</summary>
    public SortedDictionary<(int Target, int Partition), List<string>> Outputs { get; } = [];

    public IEnumerable<string> Values(int target) => Outputs.Where(o => o.Key.Target == target)
        .SelectMany(o => o.Value).Select(text => text[(text.IndexOf('=') + 1)..text.LastIndexOf('@')]);

    /// <summary>One block of events and, where there is one, a watermark behind them.</summary>
    public void Feed(IReadOnlyList<(long Time, string Json)> events, long? watermark, long first)
    {
        byte[] payload = [.. Events(events), .. watermark is { } ticks ? Watermark(ticks) : []];
        var input = new StageInput { Segment = 0, Block = _block++, First = first, Payload = payload };
        do
        {
            Assert.True(_machine.TryStep(input), _machine.Failure);
            Take();
        }
        while (_machine.IsWithinBlock);
    }

    public void Restart()
    {
        var saved = new ArrayBufferWriter<byte>();
        _machine.Save(saved);
        _machine = new StageMachine(_layout);
        _machine.Load(saved.WrittenSpan);
        foreach (var outlet in _machine.Outlets)
        {
            _machine.Resume(outlet, outlet.Last);
        }
    }

    private static byte[] Events(IReadOnlyList<(long Time, string Json)> events)
    {
        var body = new List<byte>();
        foreach (var (time, json) in events)
        {
            var record = new RecordView
            {
                Flags = RecordFlags.Time | RecordFlags.Key,
                Time = time,
                Key = "key"u8,
                Value = Encoding.UTF8.GetBytes(json),
            };
            var bytes = new byte[RecordCodec.Size(record)];
            RecordCodec.Write(record, bytes);
            body.AddRange(bytes);
        }

        return Part(PartKind.Events, events.Count, [.. body]);
    }

    private static byte[] Watermark(long ticks)
    {
        var body = new byte[StageControl.WatermarkSize];
        StageControl.WriteWatermark(body, ticks);
        return Part(PartKind.Watermark, 0, body);
    }

    private static byte[] Part(PartKind kind, int count, byte[] body)
    {
        var header = new PartHeader { Kind = kind, Count = count, AcceptedTime = Run.Second(0) };
        var size = PartCodec.HeaderSize(HandleKind.None, count);
        var part = new byte[size + body.Length];
        PartCodec.WriteHeader(header, [], body.Length, part);
        body.CopyTo(part, size);
        return part;
    }

    private void Take()
    {
        foreach (var outlet in _machine.Outlets)
        {
            while (outlet.Take() is { } part)
            {
                Assert.True(PartCodec.TryRead(part.Bytes.Span, out var view, out _));
                Read(outlet, view);
                _machine.Recycle(part);
            }
        }
    }

    private void Read(StageOutlet outlet, in PartView part)
    {
        var body = part.Body;
        for (var i = 0; i < part.Header.Count; i++)
        {
            Assert.True(RecordCodec.TryRead(body, out var record, out var size));
            var place = (outlet.Target, outlet.Partition);
            Outputs.TryAdd(place, []);
            Outputs[place].Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{record.Origin.Offset}.{record.Origin.Ordinal} {Encoding.UTF8.GetString(record.Key)}="
                    + $"{Encoding.UTF8.GetString(record.Value)}@{record.Time}"));
            body = body[size..];
        }
    }
}
