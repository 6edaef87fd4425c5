using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Driving;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Registers;

namespace Pipeline.TestKit.Logs;

/// <summary>One process that owns a partition: a loop, registers, the driver.</summary>
public sealed class LogHost : IAsyncDisposable
{
    public static readonly LogId Log = new(7, 0);

    private readonly TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<PartitionNotice> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly ThreadLoop _loop;
    private readonly LogHostFaults? _faults;

    private LogHost(IStoreSet stores, int seed, PartitionOptions options, LogHostFaults? faults)
    {
        _faults = faults;
        Supervisor = new Supervisor(OnFault);
        _loop = new ThreadLoop("log", Supervisor);
        Registers = new QuorumRegisters(stores, _loop, new Random(seed));
        Partition = new PartitionDriver(
            new PartitionId(new StreamName("readings"), 0), Log, stores,
            faults is null ? Registers : new FaultyRegisters(Registers, faults), _loop, new Random(seed + 1),
            options, Notice);
    }

    public PartitionDriver Partition { get; }

    public QuorumRegisters Registers { get; }

    public List<PartitionNotice> Notices { get; } = [];

    public Supervisor Supervisor { get; }

    /// <summary>What the supervisor was told, and what it showed as failing then.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<(Fault Fault, bool IsShown)> Told { get; } = [];

    /// <summary>Completes when the partition is fenced or alarmed.</summary>
    public Task<PartitionNotice> Ended => _ended.Task;

    public static async Task<LogHost> StartAsync(
        IStoreSet stores, int seed = 1, PartitionOptions? options = null, LogHostFaults? faults = null)
    {
        var host = new LogHost(stores, seed, options ?? new PartitionOptions(), faults);
        Assert.True(await PartitionDriver.BearAsync(Log, host.Registers, default));
        host.Partition.Start();
        await host._serving.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return host;
    }

    /// <summary>Nothing happens on its loop while this runs.</summary>
    public void Meanwhile(Action work)
    {
        using var begun = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        using var left = new ManualResetEventSlim();
        _loop.Post(
            _ =>
            {
                begun.Set();
                done.Wait();
                left.Set();
            },
            null);
        begun.Wait();
        try
        {
            work();
        }
        finally
        {
            done.Set();
            left.Wait();
        }
    }

    public async Task<AppendOutcome> AppendAsync(params string[] values) =>
        await Partition.AppendAsync(Part(default, values), default);

    public async Task<AppendOutcome> AppendAsync(PartHeader header, params string[] values) =>
        await Partition.AppendAsync(Part(header, values), default);

    /// <summary>All values from an offset on, read to the end.</summary>
    public async Task<List<string>> ReadAsync(long from = 0, int maxBytes = 1 << 20)
    {
        var values = new List<string>();
        var request = new ReadRequest { From = new LogOffset(from), MaxBytes = maxBytes };
        while (true)
        {
            var outcome = await Partition.ReadAsync(request, default);
            Assert.Equal(ReadStatus.Ok, outcome.Status);
            if (outcome.Blocks.Count == 0)
            {
                return values;
            }

            values.AddRange(outcome.Blocks.SelectMany(Values));
            request = request with { After = outcome.Next };
        }
    }

    public static List<string> Values(LogBlock block)
    {
        var values = new List<string>();
        var payload = block.Payload.Span;
        while (PartCodec.TryRead(payload, out var part, out var size))
        {
            var body = part.Body;
            while (RecordCodec.TryRead(body, out var record, out var recordSize))
            {
                values.Add(Encoding.UTF8.GetString(record.Value));
                body = body[recordSize..];
            }

            payload = payload[size..];
        }

        return values;
    }

    public static AppendRequest Part(PartHeader header, params string[] values) => Part(header, [], values);

    public static AppendRequest Part(PartHeader header, IReadOnlyList<Hash128> handles, params string[] values)
    {
        header = header with { Kind = PartKind.Events, Count = values.Length };
        var records = new List<byte>();
        foreach (var value in values)
        {
            var record = new RecordView { Value = Encoding.UTF8.GetBytes(value) };
            var bytes = new byte[RecordCodec.Size(record)];
            RecordCodec.Write(record, bytes);
            records.AddRange(bytes);
        }

        var part = new byte[PartCodec.HeaderSize(header.HandleKind, values.Length) + records.Count];
        var size = PartCodec.WriteHeader(header, handles.ToArray(), records.Count, part);
        records.CopyTo(part, size);
        return new AppendRequest { Header = header, Part = part, EventHandles = handles };
    }

    public async ValueTask DisposeAsync()
    {
        await Partition.StopAsync(TimeSpan.FromSeconds(2));
        _loop.Dispose();
    }

    /// <summary>Ends without a word, as kill -9 would.</summary>
    public void Kill() => _loop.Dispose();

    private void OnFault(Fault fault)
    {
        Told.Enqueue((fault, Supervisor.Failing.Any(part => part.Name == fault.Name)));
        if (fault.Source == FaultSource.Loop)
        {
            _ended.TrySetException(fault.Exception);
        }
    }

    private void Notice(PartitionNotice notice)
    {
        _faults?.On($"{notice.Event}");
        Notices.Add(notice);
        if (notice.Event == PartitionEvent.Serving)
        {
            _serving.TrySetResult();
        }
        else if (notice.Event is PartitionEvent.Fenced or PartitionEvent.Alarm)
        {
            _ended.TrySetResult(notice);
        }
    }
}
