using System.Buffers;
using System.Text;

namespace Pipeline.Cli.Sending;

/// <summary>One request to send: NDJSON, and how many events it holds.</summary>
/// <param name="Number">From 0, the same for the same files.</param>
/// <param name="Body">NDJSON, UTF-8.</param>
/// <param name="Events">How many lines are not blank.</param>
/// <param name="Place">Where it comes from, for people; empty: generated.</param>
internal readonly record struct Batch(long Number, byte[] Body, int Events, string Place = "");

/// <summary>Cuts files or generated readings into requests.</summary>
internal static class BatchSource
{
    /// <summary>A request takes no further line beyond so many bytes.</summary>
    private const int MaxBytes = 4 << 20;

    public static IEnumerable<Batch> Of(SendOptions options, TimeProvider time) =>
        options.Files.Count > 0 ? FromFiles(options) : Generate(options, time);

    private static IEnumerable<Batch> FromFiles(SendOptions options)
    {
        long number = 0;
        foreach (var file in options.Files)
        {
            using var lines = new LineFile(file);
            while (Next(lines, file, options.Batch, number) is { Body.Length: > 0 } batch)
            {
                if (batch.Events > 0)
                {
                    number++;
                    yield return batch;
                }
            }
        }
    }

    /// <summary>The next lines as they are, blank ones too, so that line numbers in answers are the file's.</summary>
    private static Batch Next(LineFile lines, FileInfo file, int most, long number)
    {
        var body = new ArrayBufferWriter<byte>(1 << 16);
        var first = lines.Line + 1;
        var events = 0;
        while (events < most && body.WrittenCount < MaxBytes && lines.TryRead(out var line))
        {
            body.Write(line.Span);
            events += line.Span.IndexOfAnyExcept(" \t\r\n"u8) >= 0 ? 1 : 0;
        }

        return new Batch(number, body.WrittenSpan.ToArray(), events, $"{file}, from line {first} on");
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
