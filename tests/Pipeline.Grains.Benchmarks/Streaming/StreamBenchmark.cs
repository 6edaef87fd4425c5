using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Grains.Benchmarks.Silos;
using Pipeline.Ingestion;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;

namespace Pipeline.Grains.Benchmarks.Streaming;

/// <summary>
/// What the stream provider costs: the same committed events read by calls of the partitions' grains, and through
/// subscriptions; six partitions at once, by six grains. Then how long after it was sent an event arrives. With small
/// segments nearly all are closed: subscriptions then read them from the stores, calls have the owner do it.
/// </summary>
internal static class StreamBenchmark
{
    private const string Name = "s";
    private const int Partitions = 6;
    private const int RequestEvents = 1000;
    private const int Singles = 300;

    private static readonly string Filler = new('x', 170);

    public static async Task<int> RunAsync(string[] args)
    {
        var (silos, events, runs) = (Number(args, "--silos", 3), Number(args, "--events", 1_000_000),
            Number(args, "--runs", 5));
        var log = new LogOptions { RollBytes = (long)Number(args, "--roll", 64) << 20 };
        var options = new EngineOptions { Partitions = new PartitionOptions { Log = log } };
        await using var cluster = await BenchmarkSilos.StartAsync(silos, options: options);
        var stream = await cluster.MakeStreamAsync(Name, Partitions);
        var ends = await FillAsync(stream, events);
        Console.WriteLine($"{silos} silos, {Partitions} partitions, {ends.Sum():N0} events of 200 bytes");
        var rates = new Dictionary<bool, List<(double Rate, double Cpu)>> { [false] = [], [true] = [] };
        for (var run = -1; run < runs; run++)
        {
            // Alternating, so that both meet the same machine; the first of each is a warm-up.
            foreach (var isStreamed in new[] { run % 2 == 0, run % 2 != 0 })
            {
                var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
                var blocks = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition =>
                    Grain(cluster, partition).ReadAsync(Name, stream.Id, partition, ends[partition], isStreamed)));
                if (run >= 0)
                {
                    var took = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds * 1e6 / ends.Sum();
                    rates[isStreamed].Add((ends.Sum() / watch.Elapsed.TotalSeconds, took));
                    Console.WriteLine($"{Way(isStreamed)} {rates[isStreamed][^1].Rate,12:N0} events/s, "
                        + $"{took:N2} CPU s per million, {blocks.Sum():N0} blocks");
                }
            }
        }

        foreach (var isStreamed in new[] { false, true })
        {
            var rate = Median(rates[isStreamed].Select(static one => one.Rate));
            var took = Median(rates[isStreamed].Select(static one => one.Cpu));
            Console.WriteLine($"{Way(isStreamed)} median {rate,12:N0} events/s, {took:N2} CPU s per million");
        }

        for (var round = 0; round < 2; round++)
        {
            foreach (var isStreamed in new[] { false, true })
            {
                await FollowAsync(cluster, stream, ends, isStreamed);
            }
        }

        return 0;
    }

    private static async Task FollowAsync(BenchmarkSilos cluster, IStream stream, long[] ends, bool isStreamed)
    {
        var ingestor = new Ingestor(new Random(2));
        var grains = Enumerable.Range(0, Partitions).Select(partition => Grain(cluster, partition)).ToList();
        for (var partition = 0; partition < Partitions; partition++)
        {
            await grains[partition].FollowAsync(
                Name, stream.Id, partition, ends[partition], Singles / Partitions, isStreamed);
        }

        // Keys are tried until each partition has its share.
        var sent = Enumerable.Range(0, Partitions).Select(static _ => new List<long>()).ToList();
        for (var key = 0; sent.Any(static own => own.Count < Singles / Partitions); key++)
        {
            var name = $"key {key}";
            var partition = stream.PartitionOf(Encoding.UTF8.GetBytes(name)).Id.Index;
            if (sent[partition].Count < Singles / Partitions)
            {
                sent[partition].Add(Stopwatch.GetTimestamp());
                await AppendAsync(ingestor, stream, $"{{\"k\":\"{name}\"}}\n");
                ends[partition]++;
            }
        }

        var waits = new List<double>();
        for (var partition = 0; partition < Partitions; partition++)
        {
            var arrivals = await grains[partition].ArrivalsAsync();
            waits.AddRange(arrivals.Zip(sent[partition], static (arrived, start) =>
                Stopwatch.GetElapsedTime(start, arrived).TotalMilliseconds));
        }

        waits.Sort();
        Console.WriteLine($"{Way(isStreamed)} arrives p50 {waits[waits.Count / 2]:N2} ms, "
            + $"p99 {waits[waits.Count * 99 / 100]:N2} ms after it was sent");
    }

    private static async Task<long[]> FillAsync(IStream stream, int events)
    {
        var ingestor = new Ingestor(new Random(1));
        var ends = new long[Partitions];
        for (var first = 0; first < events; first += RequestEvents)
        {
            var lines = new StringBuilder();
            for (var i = first; i < first + RequestEvents; i++)
            {
                lines.Append(
                    CultureInfo.InvariantCulture, $"{{\"k\":\"k{i % 10_000}\",\"n\":{i},\"x\":\"{Filler}\"}}\n");
            }

            var outcome = await AppendAsync(ingestor, stream, lines.ToString());
            foreach (var position in outcome.Positions)
            {
                ends[position.Partition] += position.Count;
            }
        }

        return ends;
    }

    private static async Task<IngestOutcome> AppendAsync(Ingestor ingestor, IStream stream, string lines)
    {
        var outcome = await ingestor.IngestAsync(new IngestRequest
        {
            Target = StreamTargets.Of(stream),
            Format = BodyFormat.Ndjson,
            Body = Encoding.UTF8.GetBytes(lines),
        });
        return outcome.Problem is null ? outcome : throw new InvalidOperationException(outcome.Detail);
    }

    private static IMeterGrain Grain(BenchmarkSilos cluster, int partition) =>
        cluster.Services.GetRequiredService<IGrainFactory>().GetGrain<IMeterGrain>($"{partition}");

    private static string Way(bool isStreamed) => isStreamed ? "stream" : "calls ";

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static int Number(string[] args, string name, int otherwise)
    {
        var at = Array.IndexOf(args, name);
        return at >= 0 ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
    }
}
