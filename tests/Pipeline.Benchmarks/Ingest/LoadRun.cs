using System.Diagnostics;

namespace Pipeline.Benchmarks.Ingest;

/// <summary>One run of a shape against a server: warm up, then measure.</summary>
public static class LoadRun
{
    public static async Task<Measurement> RunAsync(
        IMeasuredServer server, string path, LoadShape shape, TimeSpan warmUp, TimeSpan span)
    {
        var requests = new Requests(path, server.Port, shape.EventsPerRequest);
        var connections = Enumerable.Range(0, shape.InFlight)
            .Select(number => new Connection(number, server.Port, requests)).ToArray();
        var begin = Stopwatch.GetTimestamp();
        var from = begin + (long)(warmUp.TotalSeconds * Stopwatch.Frequency);
        var until = from + (long)(span.TotalSeconds * Stopwatch.Frequency);
        var running = connections.Select(connection => connection.RunAsync(until)).ToArray();
        await Task.Delay(warmUp);
        var allocatedStart = server.AllocatedBytes;
        var (serverStart, clientStart, start) = (server.ProcessorSeconds, OwnSeconds, Stopwatch.GetTimestamp());
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // off the sockets' thread
        var (serverEnd, clientEnd, end) = (server.ProcessorSeconds, OwnSeconds, Stopwatch.GetTimestamp());
        var failure = connections.Select(connection => connection.Failure).FirstOrDefault(text => text is not null);
        if (failure is not null)
        {
            throw new InvalidOperationException($"{server.Name} answered: {failure}");
        }

        var took = connections.SelectMany(connection => connection.Answers)
            .Where(answer => answer.At >= start).Select(answer => answer.Took).Order().ToArray();
        var events = (double)took.Length * shape.EventsPerRequest;
        return new Measurement(
            events / Stopwatch.GetElapsedTime(start, end).TotalSeconds,
            Milliseconds(took[took.Length / 2]), Milliseconds(took[(int)(took.Length * 0.99)]), Milliseconds(took[^1]),
            (serverEnd - serverStart) / events * 1e6, (clientEnd - clientStart) / events * 1e6, server.MemoryMiB,
            (server.AllocatedBytes - allocatedStart) / events);
    }

    private static double OwnSeconds => Environment.CpuUsage.TotalTime.TotalSeconds;

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
