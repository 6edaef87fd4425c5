using System.Text;

namespace Pipeline.Cli.Sending;

/// <summary>One request to send: NDJSON, and how many events it holds.</summary>
internal readonly record struct Batch(long Number, byte[] Body, int Events);

/// <summary>Cuts files or generated readings into requests.</summary>
internal static class BatchSource
{
    public static IEnumerable<Batch> Of(SendOptions options, TimeProvider time) =>
        options.Files.Count > 0 ? FromFiles(options) : Generate(options, time);

    private static IEnumerable<Batch> FromFiles(SendOptions options)
    {
        long number = 0;
        var lines = options.Files.SelectMany(f => File.ReadLines(f.FullName)).Where(l => !string.IsNullOrWhiteSpace(l));
        foreach (var chunk in lines.Chunk(options.Batch))
        {
            yield return new Batch(number++, Encoding.UTF8.GetBytes(string.Join('\n', chunk)), chunk.Length);
        }
    }

    private static IEnumerable<Batch> Generate(SendOptions options, TimeProvider time)
    {
        var generator = new ReadingGenerator(options.Devices, options.Seed, time);
        var started = time.GetTimestamp();
        var text = new StringBuilder();
        for (long number = 0, sent = 0; ; number++)
        {
            var left = options.Events > 0 ? options.Events - sent : long.MaxValue;
            if (left <= 0 || (options.Events == 0 && time.GetElapsedTime(started).TotalSeconds >= options.Seconds))
            {
                yield break;
            }

            var events = (int)Math.Min(options.Batch, left);
            text.Clear();
            for (var i = 0; i < events; i++)
            {
                generator.Append(text);
            }

            sent += events;
            yield return new Batch(number, Encoding.UTF8.GetBytes(text.ToString()), events);
        }
    }
}
