using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Driving;
using Pipeline.Replication.Registers;

namespace Pipeline.Benchmarks.Log;

/// <summary>The partitions of one process: loops, a background loop for hashes, one driver each.</summary>
internal sealed class LogProcess : IAsyncDisposable
{
    private readonly List<ThreadLoop> _loops = [];
    private readonly ThreadLoop _background = new("hash", Fail);
    private bool _isKilled;

    public List<PartitionDriver> Partitions { get; } = [];

    public static async Task<LogProcess> StartAsync(DirectoryStores stores, int partitions, int loops, int seed)
    {
        var process = new LogProcess();
        for (var i = 0; i < loops; i++)
        {
            process._loops.Add(new ThreadLoop($"log {i}", Fail));
        }

        var starting = Enumerable.Range(0, partitions).Select(i => process.StartAsync(i, stores, seed)).ToList();
        await Task.WhenAll(starting);
        return process;
    }

    /// <summary>Ends without a word.</summary>
    public void Kill()
    {
        _isKilled = true;
        _loops.ForEach(loop => loop.Dispose());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var partition in _isKilled ? [] : Partitions)
        {
            await partition.StopAsync(TimeSpan.FromSeconds(5));
        }

        _loops.ForEach(loop => loop.Dispose());
        _background.Dispose();
    }

    private async Task StartAsync(int number, DirectoryStores stores, int seed)
    {
        var loop = _loops[number % _loops.Count];
        var serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registers = new QuorumRegisters(stores.Set, loop, new Random((seed * 1000) + number));
        var log = new LogId(1, number);
        await PartitionDriver.BearAsync(log, registers, default);
        var partition = new PartitionDriver(
            new PartitionId(new StreamName("bench"), number), log, stores.Set, registers, loop,
            new Random((seed * 1000) + 500 + number), new PartitionOptions { Background = _background },
            notice => Notice(notice, serving));
        lock (Partitions)
        {
            Partitions.Add(partition);
        }

        partition.Start();
        await serving.Task;
    }

    private static void Notice(PartitionNotice notice, TaskCompletionSource serving)
    {
        if (notice.Event == PartitionEvent.Serving)
        {
            serving.TrySetResult();
        }
        else
        {
            Console.WriteLine(notice);
        }
    }

    private static void Fail(Exception fault)
    {
        Console.Error.WriteLine(fault);
        Environment.Exit(1);
    }
}
