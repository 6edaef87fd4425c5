using Pipeline.Grains.Streaming;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Benchmarks.Streaming;

/// <summary>Reads a partition as a stage's grain does: the reading itself is on another thread.</summary>
internal interface IMeterGrain : IGrainWithStringKey
{
    /// <summary>Reads so many events from the beginning; gives how many blocks that were.</summary>
    Task<int> ReadAsync(string stream, long number, int partition, long events, bool isStreamed);

    /// <summary>From now on waits for events, and notes when each came (Stopwatch ticks).</summary>
    Task FollowAsync(string stream, long number, int partition, long from, int events, bool isStreamed);

    Task<List<long>> ArrivalsAsync();
}

internal sealed class MeterGrain(Keeping.GrainCluster cluster) : Grain, IMeterGrain
{
    private const int ReadBytes = 1 << 20;

    private Task<List<long>>? _arrivals;

    public async Task<int> ReadAsync(string stream, long number, int partition, long events, bool isStreamed)
    {
        var source = Source(stream, number, partition, isStreamed);
        try
        {
            return await Task.Run(() => ReadAllAsync(source, 0, events, static _ => { }));
        }
        finally
        {
            (source as StreamedInput)?.Close();
        }
    }

    public Task FollowAsync(string stream, long number, int partition, long from, int events, bool isStreamed)
    {
        var source = Source(stream, number, partition, isStreamed);
        _arrivals = Task.Run(async () =>
        {
            var arrivals = new List<long>();
            await ReadAllAsync(source, from, from + events, block => arrivals.AddRange(
                Enumerable.Repeat(System.Diagnostics.Stopwatch.GetTimestamp(), block.Count)));
            (source as StreamedInput)?.Close();
            return arrivals;
        });
        return Task.CompletedTask;
    }

    public Task<List<long>> ArrivalsAsync() => _arrivals!;

    /// <summary>As a stage reads: the next read is under way while it works on what the last one gave.</summary>
    private static async Task<int> ReadAllAsync(IBlockSource source, long from, long end, Action<LogBlock> take)
    {
        var blocks = 0;
        var next = ReadAsync(source, from, null);
        while (from < end)
        {
            var read = await next;
            if (read.Status != ReadStatus.Ok)
            {
                throw new InvalidOperationException($"{source.Id}: {read.Status}");
            }

            from = read.Blocks.Count > 0 ? read.Blocks[^1].First.Value + read.Blocks[^1].Count : from;
            next = from < end ? ReadAsync(source, from, read.Next) : default;
            blocks += read.Blocks.Count;
            foreach (var block in read.Blocks)
            {
                take(block);
            }
        }

        return blocks;
    }

    private static ValueTask<ReadOutcome> ReadAsync(IBlockSource source, long from, LogPosition? after) =>
        source.ReadAsync(
            new ReadRequest
            {
                From = new LogOffset(from),
                After = after,
                MaxBytes = ReadBytes,
                Wait = TimeSpan.FromSeconds(30),
            },
            CancellationToken.None);

    private IBlockSource Source(string stream, long number, int partition, bool isStreamed)
    {
        var (id, log) = (new PartitionId(new StreamName(stream), partition), new LogId(number, partition));
        var direct = cluster.OpenPartition(id, log);
        return !isStreamed ? direct : new StreamedInput(
            direct,
            this.GetStreamProvider("log").GetStream<LogEventBlock>(LogStreamKey.ToStreamId(id, log)),
            TaskScheduler.Current,
            TimeProvider.System);
    }
}
