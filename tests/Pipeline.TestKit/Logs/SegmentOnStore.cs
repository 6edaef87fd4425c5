using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;

namespace Pipeline.TestKit.Logs;

/// <summary>One store's copy of a segment.</summary>
/// <param name="Store">The slot's name.</param>
/// <param name="Log">Whose segment it is.</param>
/// <param name="Id">Epoch and number.</param>
/// <param name="Frames">The good frames from the start on.</param>
public sealed record SegmentOnStore(string Store, LogId Log, SegmentId Id, IReadOnlyList<StoredFrame> Frames)
{
    /// <summary>
    /// Reads a copy: the append blob's bytes, or as many of them as the repair blob says and the repair blob's.
    /// </summary>
    public static SegmentOnStore Read(
        string store, LogId log, SegmentId id, ReadOnlyMemory<byte> plain, ReadOnlyMemory<byte>? fix)
    {
        if (fix is { } repair && FixCodec.TryRead(repair.Span, out var from) && from <= plain.Length)
        {
            plain = (byte[])[.. plain.Span[..(int)from], .. repair.Span[FixCodec.HeaderSize..]];
        }

        var frames = new List<StoredFrame>();
        var scanner = new SegmentScanner(log, id);
        var start = 0;
        while (scanner.Next(plain.Span[start..], isLast: true, out var header) == ScanStep.Frame)
        {
            var payload = plain.Slice(start + FrameCodec.HeaderSize, header.PayloadLength);
            frames.Add(new StoredFrame(header, scanner.Chain, payload));
            start = (int)scanner.Position;
        }

        return new SegmentOnStore(store, log, id, frames);
    }
}
