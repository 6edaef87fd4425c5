using System.Text;
using Pipeline.Backups.Service;
using Pipeline.Definitions;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Stages;
using Pipeline.Processing.Sinks;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Registers;
using Pipeline.Runtime.Backups;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Pipelines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>One process with pipelines over real stores; dies at once when it is told to.</summary>
internal sealed class PipelineWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ThreadLoop> _loops = [];
    private readonly ThreeStores _stores;
    private readonly string _data;

    private readonly TimeProvider? _time;

    private PipelineWorld(ThreeStores stores, string data, TimeProvider? time) =>
        (_stores, _data, _time) = (stores, data, time);

    public PipelineKeeper Keeper { get; private set; } = null!;

    public IPipelines Pipelines => Keeper;

    /// <summary>Its backups, where the settings say where they go.</summary>
    public IBackups Backups { get; private set; } = null!;

    public List<Exception> Faults { get; } = [];

    /// <summary>The partitions it opened.</summary>
    public IPartitionHost Partitions { get; private set; } = null!;

    /// <summary>Those it keeps its catalog in.</summary>
    public IRegisters Registers { get; private set; } = null!;

    /// <summary>Where relative paths of sinks start.</summary>
    public string Data => _data;

    /// <param name="stores">Opened once more.</param>
    /// <param name="seed">Of all chance.</param>
    /// <param name="rollBytes">When segments are closed.</param>
    /// <param name="time">Its clock; null: the machine's.</param>
    /// <param name="partitions">Whose partitions it works on, as in a cluster; null: its own.</param>
    /// <param name="variables">What definitions may look up.</param>
    /// <param name="change">Other settings than those of tests; null: those.</param>
    /// <param name="decorate">Puts something before its stores.</param>
    /// <param name="patience">Of its registers; null: the usual.</param>
    /// <param name="sinkFiles">Where its sinks write; null: the disk.</param>
    public static async Task<PipelineWorld> StartAsync(
        ThreeStores stores,
        int seed = 1,
        long rollBytes = 64 << 20,
        TimeProvider? time = null,
        IPartitionHost? partitions = null,
        Func<string, string?>? variables = null,
        Func<PipelineSettings, PipelineSettings>? change = null,
        Action<ThreeStores>? decorate = null,
        RegisterOptions? patience = null,
        ISinkFiles? sinkFiles = null)
    {
        var again = stores.Again();
        decorate?.Invoke(again);
        var world = new PipelineWorld(again, stores.Root(0) + "-data", time);
        var root = world.NewLoop("root");
        var logs = world.NewLoop("logs");
        var draw = new Random(seed);
        var registers = new QuorumRegisters(again.Set, root, new Random(draw.Next()), patience);
        world.Registers = registers;
        var settings = new PipelineSettings
        {
            DataDirectory = world._data,
            CheckpointInterval = TimeSpan.FromMilliseconds(50),
            RetryDelay = TimeSpan.FromMilliseconds(20),
            TrimInterval = TimeSpan.FromMilliseconds(100),
            Variables = variables is null ? DefinitionVariables.None : DefinitionVariables.Of("*", variables),
        };
        var options = new PartitionOptions { Log = new LogOptions { RollBytes = rollBytes } };
        world.Partitions = partitions ?? new SharedPartitions(
            new DriverPartitions(again.Set, registers, () => logs, draw, options));
        var host = new PipelineHost
        {
            Loop = root,
            NewLoop = world.NewLoop,
            Registers = registers,
            Stores = again.Set,
            Partitions = world.Partitions,
            Draw = draw,
            Settings = change?.Invoke(settings) ?? settings,
            SinkFiles = sinkFiles,
        };
        world.Keeper = (await PipelineKeeper.OpenAsync(host, default))!;
        world.Backups = BackupHosting.Of(host);
        return world;
    }

    /// <summary>Applies what is refused: "status line:column: message" of each mistake.</summary>
    public async Task<List<string>> RefusedAsync(string text)
    {
        var outcome = await Keeper.ApplyAsync(new ApplyRequest { Text = text }, default);
        return [.. outcome.Errors.Select(error => $"{outcome.Status} {error}")];
    }

    /// <param name="text">The definition.</param>
    /// <param name="reset">Stages whose state it may drop.</param>
    public async Task<PipelineStatus> ApplyAsync(string text, params string[] reset)
    {
        var outcome = await Keeper.ApplyAsync(new ApplyRequest { Text = text, Reset = reset }, default);
        Assert.Empty(outcome.Errors);
        Assert.True(outcome.Status is ApplyStatus.Applied or ApplyStatus.Unchanged, outcome.Detail);
        return outcome.Pipeline!;
    }

    /// <summary>Appends until it is durable; the handle makes a repeat harmless.</summary>
    public async Task AppendAsync(string stream, string handle, params (string Key, string Value)[] events)
    {
        Assert.True(Keeper.TryGet(new StreamName(stream), out var target));
        foreach (var group in events.GroupBy(e => target.PartitionOf(Encoding.UTF8.GetBytes(e.Key)).Id.Index))
        {
            await AppendAsync(target.Partitions[group.Key], handle, [.. group]);
        }
    }

    public async Task WatermarkAsync(string stream, long ticks)
    {
        Assert.True(Keeper.TryGet(new StreamName(stream), out var target));
        foreach (var partition in target.Partitions)
        {
            var header = new PartHeader { Kind = PartKind.Watermark };
            var size = PartCodec.HeaderSize(HandleKind.None, 0);
            var part = new byte[size + StageControl.WatermarkSize];
            PartCodec.WriteHeader(header, [], StageControl.WatermarkSize, part);
            StageControl.WriteWatermark(part.AsSpan(size), ticks);
            await SendAsync(partition, new AppendRequest { Header = header, Part = part });
        }
    }

    /// <summary>Reads a stream until <paramref name="count"/> events are there: "partition key value".</summary>
    public async Task<List<string>> ReadAsync(string stream, int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        Assert.True(Keeper.TryGet(new StreamName(stream), out var source), $"no stream {stream}");
        var found = source.Partitions.Select(_ => new List<string>()).ToList();
        var cursors = source.Partitions.Select(_ => new ReadRequest()).ToArray();
        while (true)
        {
            for (var p = 0; p < cursors.Length; p++)
            {
                var wait = found.Sum(records => records.Count) < count ? TimeSpan.FromMilliseconds(20) : TimeSpan.Zero;
                var read = await source.Partitions[p].ReadAsync(cursors[p] with { Wait = wait }, limit.Token);
                if (read.Status != ReadStatus.Ok)
                {
                    await Task.Delay(5, limit.Token);
                    continue;
                }

                foreach (var block in read.Blocks)
                {
                    found[p].AddRange(Records(block).Select(record => $"{p} {record}"));
                    cursors[p] = cursors[p] with { After = block.Position, From = block.First + block.Count };
                }
            }

            if (found.Sum(records => records.Count) >= count)
            {
                return [.. found.SelectMany(records => records)];
            }
        }
    }

    /// <summary>Waits until what <paramref name="look"/> says of the pipeline's status holds.</summary>
    public async Task UntilAsync(string pipeline, Func<PipelineStatus, bool> look, string wanted = "")
    {
        using var limit = new CancellationTokenSource(Patience);
        PipelineStatus? status;
        while (!Keeper.TryGet(pipeline, out status) || !look(status))
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"not in time: {wanted} {string.Join(", ", status?.Instances ?? [])}");
            }

            await Task.Delay(2);
        }
    }

    /// <summary>Waits until this process owns all partitions of the streams.</summary>
    public async Task OwnsAsync(params string[] streams)
    {
        using var limit = new CancellationTokenSource(Patience);
        foreach (var stream in streams)
        {
            Assert.True(Keeper.TryGet(new StreamName(stream), out var found), $"no stream {stream}");
            while (!found.Partitions.All(static partition => partition.Status.IsServing))
            {
                await Task.Delay(2, limit.Token);
            }
        }
    }

    /// <summary>As kill -9 would.</summary>
    public void Kill() => _loops.ForEach(loop => loop.Dispose());

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _stores.DisposeAsync();
        Assert.Empty(Faults);
    }

    public static IEnumerable<string> Records(LogBlock block)
    {
        var records = new List<string>();
        for (var rest = block.Payload.Span; PartCodec.TryRead(rest, out var part, out var size); rest = rest[size..])
        {
            var body = part.Body;
            for (var i = 0; i < part.Header.Count && RecordCodec.TryRead(body, out var record, out var length); i++)
            {
                records.Add($"{Encoding.UTF8.GetString(record.Key)} {Encoding.UTF8.GetString(record.Value)}");
                body = body[length..];
            }
        }

        return records;
    }

    private static async Task AppendAsync(IPartition partition, string handle, (string Key, string Value)[] events)
    {
        var records = new List<byte>();
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
            records.AddRange(bytes);
        }

        var header = new PartHeader
        {
            Kind = PartKind.Events,
            HandleKind = HandleKind.Key,
            Handle = Hash128.Of(Encoding.UTF8.GetBytes(handle)),
            Count = events.Length,
        };
        var size = PartCodec.HeaderSize(HandleKind.Key, events.Length);
        var part = new byte[size + records.Count];
        PartCodec.WriteHeader(header, [], records.Count, part);
        records.CopyTo(part, size);
        await SendAsync(partition, new AppendRequest { Header = header, Part = part });
    }

    private static async Task SendAsync(IPartition partition, AppendRequest request)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var copy = request with { Part = request.Part.ToArray() };
            var outcome = await partition.AppendAsync(copy, limit.Token);
            if (outcome.Status is AppendStatus.Appended or AppendStatus.Duplicate)
            {
                return;
            }

            await Task.Delay(10, limit.Token);
        }
    }

    private ThreadLoop NewLoop(string name)
    {
        var loop = new ThreadLoop(name, Faults.Add, _time);
        _loops.Add(loop);
        return loop;
    }
}
