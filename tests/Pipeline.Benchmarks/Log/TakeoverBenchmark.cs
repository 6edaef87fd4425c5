using System.Diagnostics;

namespace Pipeline.Benchmarks.Log;

/// <summary>
/// How long after a crash the first append is acknowledged in every partition, with so many MiB in the logs and the
/// open segments as full as they were.
/// </summary>
internal static class TakeoverBenchmark
{
    public static async Task RunAsync(int partitionCount, int megabytes)
    {
        using var stores = await DirectoryStores.FormatAsync();
        var wanted = ((long)megabytes << 20) / partitionCount;
        await using (var first = await LogProcess.StartAsync(stores, partitionCount, 1, seed: 1))
        {
            while (first.Partitions.Any(p => p.Status.Bytes < wanted))
            {
                await new LogLoad(1000, 8).RunAsync(first.Partitions, TimeSpan.FromMilliseconds(100));
            }

            first.Kill();
        }

        var started = Stopwatch.GetTimestamp();
        await using var second = await LogProcess.StartAsync(stores, partitionCount, 1, seed: 2);
        var serving = Stopwatch.GetElapsedTime(started);
        await Task.WhenAll(second.Partitions.Select(async p => await p.AppendAsync(LogLoad.Part(1), default)));
        Console.WriteLine(
            $"takeover with {megabytes} MiB in {partitionCount} logs: serving after {serving.TotalSeconds:N2} s, "
            + $"first append in each after {Stopwatch.GetElapsedTime(started).TotalSeconds:N2} s, "
            + $"{Environment.WorkingSet >> 20} MiB");
    }
}
