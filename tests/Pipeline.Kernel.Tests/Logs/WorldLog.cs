using System.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;

namespace Pipeline.Kernel.Tests.Logs;

/// <summary>Reads what the log of a world says, from any store that has it, hashes checked.</summary>
internal static class WorldLog
{
    /// <summary>All values in the closed segments, then in the open one as far as a majority holds it.</summary>
    public static List<string> Values(this LogWorld world)
    {
        var values = new List<string>();
        foreach (var closed in world.Closed())
        {
            var bytes = world.Stores.Select(s => s.Read(closed.Id, closed.Bytes))
                .First(b => b is not null && Hash256.Of(b) == closed.Hash)!;
            values.AddRange(Values(closed.Id, bytes));
        }

        if (world.Manifest.Open is { } open)
        {
            var copies = world.Stores
                .Select(s => Values(open.Id, s.Segments.GetValueOrDefault(open.Id)?.Bytes.ToArray() ?? []))
                .OrderByDescending(v => v.Count).ToList();
            values.AddRange(copies[open.Quorum - 1]);
        }

        return values;
    }

    public static IEnumerable<ClosedSegment> Closed(this LogWorld world)
    {
        var older = new List<IEnumerable<ClosedSegment>>();
        for (var link = world.Manifest.Index; link is not null; link = world.Indexes[link.Hash].Older)
        {
            older.Add(world.Indexes[link.Hash].Segments);
        }

        older.Reverse();
        return older.SelectMany(s => s).Concat(world.Manifest.Closed);
    }

    /// <summary>Whether these are good frames to the end.</summary>
    public static bool IsGood(SegmentId segment, byte[] bytes)
    {
        var scanner = new SegmentScanner(LogWorld.Log, segment);
        while (scanner.Next(bytes.AsSpan((int)scanner.Position), true, out _) == ScanStep.Frame)
        {
        }

        return scanner.ValidBytes == bytes.Length;
    }

    private static List<string> Values(SegmentId segment, byte[] bytes)
    {
        var values = new List<string>();
        var scanner = new SegmentScanner(LogWorld.Log, segment);
        while (scanner.Next(bytes.AsSpan((int)scanner.Position), true, out var header) == ScanStep.Frame)
        {
            var payload = bytes.AsSpan((int)scanner.Position - header.PayloadLength - 4, header.PayloadLength);
            while (header.Kind == FrameKind.Data && PartCodec.TryRead(payload, out var part, out var size))
            {
                var body = part.Body;
                while (RecordCodec.TryRead(body, out var record, out var length))
                {
                    values.Add(Encoding.UTF8.GetString(record.Value));
                    body = body[length..];
                }

                payload = payload[size..];
            }
        }

        return values;
    }
}
