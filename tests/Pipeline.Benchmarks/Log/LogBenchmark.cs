using System.Diagnostics;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Partitions;
using Pipeline.Runtime.Registers;

namespace Pipeline.Benchmarks.Log;

/// <summary>
/// Durable appends to partitions over three directory stores, without HTTP: what the log alone can do. Requests of a
/// given number of events are split evenly over the partitions; a request is done when all its parts are committed.
/// </summary>
internal static class LogBenchmark
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync(string[] args)
    {
        var partitions = Number(args, "--partitions", 4);
        var seconds = Number(args, "--seconds", 5);
        var loops = Number(args, "--loops", 1);
        await MeasureAsync(new LogLoad(1000, 8), partitions, loops, seconds);
        await MeasureAsync(new LogLoad(1, 64), partitions, loops, seconds);
        return 0;
    }

    private static async Task MeasureAsync(LogLoad load, int partitionCount, int loopCount, int seconds)
    {
        using var stores = await DirectoryStores.FormatAsync();
        var loops = Enumerable.Range(0, loopCount).Select(i => new ThreadLoop($"log {i}", Fail)).ToList();
        using var background = new ThreadLoop("hash", Fail);
        var options = new PartitionOptions { Background = background };
        var partitions = new List<PartitionDriver>();
        for (var i = 0; i < partitionCount; i++)
        {
            partitions.Add(await StartAsync(i, stores, loops[i % loopCount], options));
        }

        await load.RunAsync(partitions, WarmUp);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var measured = await load.RunAsync(partitions, TimeSpan.FromSeconds(seconds));
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Console.WriteLine(
            $"{load}: {measured.EventsPerSecond,10:N0} events/s, p50 {measured.Percentile(0.5),6:N2} ms, "
            + $"p99 {measured.Percentile(0.99),6:N2} ms, max {measured.Percentile(1),6:N2} ms, "
            + $"{cpu.TotalSeconds * 1e6 / measured.Events:N2} CPU s per million, "
            + $"{Environment.WorkingSet >> 20} MiB");
        foreach (var partition in partitions)
        {
            await partition.StopAsync(TimeSpan.FromSeconds(5));
        }

        loops.ForEach(loop => loop.Dispose());
    }

    private static async Task<PartitionDriver> StartAsync(
        int number, DirectoryStores stores, ThreadLoop loop, PartitionOptions options)
    {
        var serving = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registers = new QuorumRegisters(stores.Set, loop, new Random(number));
        var log = new LogId(1, number);
        await PartitionDriver.BearAsync(log, registers, default);
        var partition = new PartitionDriver(
            new PartitionId(new StreamName("bench"), number), log, stores.Set, registers, loop,
            new Random(number + 1000), options, notice =>
            {
                if (notice.Event == PartitionEvent.Serving)
                {
                    serving.TrySetResult();
                }
                else
                {
                    Console.WriteLine(notice);
                }
            });
        partition.Start();
        await serving.Task;
        return partition;
    }

    private static void Fail(Exception fault)
    {
        Console.Error.WriteLine(fault);
        Environment.Exit(1);
    }

    private static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 ? int.Parse(args[at + 1], System.Globalization.CultureInfo.InvariantCulture) : otherwise;
    }
}
