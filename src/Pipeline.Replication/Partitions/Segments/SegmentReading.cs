using System.Security.Cryptography;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Logs.Inputs;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Partitions.Segments;

/// <summary>Reads whole copies of segments, piece by piece: to judge them, and to learn what they say.</summary>
internal sealed class SegmentReading(LogId log, PartitionOptions options, TimeProvider time)
{
    /// <summary>Seals a copy, then reads and judges it.</summary>
    public async ValueTask<(StoreReply Status, SegmentCopy Copy)> SealAndScanAsync(IBlobStore store, SegmentId segment)
    {
        using var deadline = new Deadline(time, options.StoreTimeout);
        using var watch = Watch(deadline);
        var blob = LogNames.Segment(log, segment);
        deadline.Restart();
        var sealing = await store.SealAsync(blob, deadline.Token);
        if (!sealing.IsOk)
        {
            return (sealing.Status.ToReply(), default);
        }

        var scanner = new SegmentScanner(log, segment);
        var window = new SegmentWindow();
        var read = 0L;
        while (true)
        {
            deadline.Restart();
            var piece = await store.GetRangeAsync(blob, read, options.ReadBytes, deadline.Token);
            if (!piece.IsOk)
            {
                return (piece.Status.ToReply(), default);
            }

            window.Append(piece.Bytes.Span);
            read += piece.Bytes.Length;
            if (Scan(scanner, window, piece.Bytes.Length < options.ReadBytes))
            {
                return (StoreReply.Ok, new SegmentCopy(
                    scanner.Condition, scanner.ValidBytes, scanner.ValidFrames, scanner.End, scanner.HighestCommit));
            }
        }
    }

    /// <summary>Reads the first <paramref name="length"/> bytes of a segment, which must be good frames.</summary>
    public async ValueTask<Reading> ReplayAsync(IBlobStore store, SegmentId segment, long length)
    {
        using var deadline = new Deadline(time, options.StoreTimeout);
        using var watch = Watch(deadline);
        var stream = new SegmentStream(log, segment, store);
        var reading = await ReplayAsync(stream, segment, length, deadline);
        deadline.Restart();
        return reading.Status == StoreReply.Foreign && await stream.TurnToFixAsync(reading.Good, deadline.Token)
            ? await ReplayAsync(stream, segment, length, deadline)
            : reading;
    }

    private async ValueTask<Reading> ReplayAsync(
        SegmentStream stream, SegmentId segment, long length, Deadline deadline)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var scanner = new SegmentScanner(log, segment);
        var replay = new LogReplay(options.Log);
        var window = new SegmentWindow();
        var map = new BlockMap(segment);
        for (var read = 0L; read < length;)
        {
            deadline.Restart();
            var wanted = (int)Math.Min(options.ReadBytes, length - read);
            var piece = await stream.ReadAsync(read, wanted, deadline.Token);
            if (!piece.IsOk || piece.Bytes.Length < wanted)
            {
                return new Reading(piece.IsOk ? StoreReply.Foreign : piece.Status.ToReply(), scanner.ValidBytes);
            }

            window.Append(piece.Bytes.Span);
            read += wanted;
            while (scanner.Next(window.Bytes.Span, read == length, out var header) == ScanStep.Frame)
            {
                var frame = window.Bytes.Span[..header.Size];
                replay.Apply(header, frame.Slice(FrameCodec.HeaderSize, header.PayloadLength));
                hash.AppendData(frame);
                map.Add(header);
                window.Skip(header.Size);
            }

            if (scanner.Position != scanner.ValidBytes)
            {
                break;
            }
        }

        return scanner.ValidBytes == length
            ? new Reading(StoreReply.Ok, length, replay, Hash256.Read(hash.GetCurrentHash()), map)
            : new Reading(StoreReply.Foreign, scanner.ValidBytes);
    }

    private static bool Scan(SegmentScanner scanner, SegmentWindow window, bool isLast)
    {
        while (true)
        {
            var before = scanner.Position;
            var step = scanner.Next(window.Bytes.Span, isLast, out _);
            window.Skip((int)(scanner.Position - before));
            if (step != ScanStep.Frame)
            {
                return step == ScanStep.End;
            }
        }
    }

    /// <summary>What reading a segment gave; <paramref name="Good"/>: bytes of good frames.</summary>
    internal readonly record struct Reading(
        StoreReply Status, long Good, LogReplay? Replay = null, Hash256 Hash = default, BlockMap? Map = null);

    private ITimer Watch(Deadline deadline) => time.CreateTimer(
        static d => ((Deadline)d!).Check(), deadline, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
}
