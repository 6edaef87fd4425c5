using System.Diagnostics;

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
        await TakeoverBenchmark.RunAsync(partitions, Number(args, "--megabytes", 1024));
        return 0;
    }

    private static async Task MeasureAsync(LogLoad load, int partitions, int loops, int seconds)
    {
        using var stores = await DirectoryStores.FormatAsync();
        await using var process = await LogProcess.StartAsync(stores, partitions, loops, seed: 1);
        await load.RunAsync(process.Partitions, WarmUp);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var measured = await load.RunAsync(process.Partitions, TimeSpan.FromSeconds(seconds));
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        Console.WriteLine(
            $"{load}: {measured.EventsPerSecond,10:N0} events/s, p50 {measured.Percentile(0.5),6:N2} ms, "
            + $"p99 {measured.Percentile(0.99),6:N2} ms, max {measured.Percentile(1),6:N2} ms, "
            + $"{cpu.TotalSeconds * 1e6 / measured.Events:N2} CPU s per million, "
            + $"{Environment.WorkingSet >> 20} MiB");
    }

    private static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 ? int.Parse(args[at + 1], System.Globalization.CultureInfo.InvariantCulture) : otherwise;
    }
}
