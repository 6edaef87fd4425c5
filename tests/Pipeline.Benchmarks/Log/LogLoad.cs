using System.Diagnostics;
using Pipeline.Kernel.Codecs;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Driving;

namespace Pipeline.Benchmarks.Log;

/// <summary>Requests of so many events, so many in flight.</summary>
internal sealed record LogLoad(int EventsPerRequest, int InFlight)
{
    private const int ValueBytes = 200;

    public async Task<LogMeasurement> RunAsync(IReadOnlyList<PartitionDriver> partitions, TimeSpan duration)
    {
        var measurement = new LogMeasurement();
        var end = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, InFlight).Select(i => Task.Run(
            () => SendAsync(partitions, i, end, measurement))));
        measurement.Elapsed = Stopwatch.GetElapsedTime(started);
        return measurement;
    }

    public override string ToString() => $"{EventsPerRequest,5} events a request, {InFlight,2} in flight";

    private async Task SendAsync(
        IReadOnlyList<PartitionDriver> partitions, int sender, long end, LogMeasurement measurement)
    {
        var spread = Math.Min(partitions.Count, EventsPerRequest);
        var parts = Enumerable.Range(0, spread).Select(_ => Part(EventsPerRequest / spread)).ToArray();
        var waits = new Task<AppendOutcome>[spread];
        for (var request = 0; Stopwatch.GetTimestamp() < end; request++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < spread; i++)
            {
                var partition = partitions[(sender + request + i) % partitions.Count];
                waits[i] = partition.AppendAsync(parts[i], default).AsTask();
            }

            foreach (var wait in waits)
            {
                var outcome = await wait;
                if (outcome.Status != AppendStatus.Appended)
                {
                    throw new InvalidOperationException($"an append ended as {outcome.Status}");
                }
            }

            measurement.Add(Stopwatch.GetElapsedTime(started), EventsPerRequest);
        }
    }

    public static AppendRequest Part(int count)
    {
        var record = new RecordView
        {
            Flags = RecordFlags.Key,
            Key = "device-00042"u8,
            Value = new byte[ValueBytes],
        };
        var size = RecordCodec.Size(record);
        var header = new PartHeader { Kind = PartKind.Events, Count = count };
        var part = new byte[PartCodec.HeaderSize(HandleKind.None, count) + (count * size)];
        var at = PartCodec.WriteHeader(header, [], count * size, part);
        for (var i = 0; i < count; i++)
        {
            at += RecordCodec.Write(record, part.AsSpan(at));
        }

        return new AppendRequest { Header = header, Part = part };
    }
}
