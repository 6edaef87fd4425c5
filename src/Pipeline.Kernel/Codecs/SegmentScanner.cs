using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Codecs;

/// <summary>
/// Reads a segment's copy frame by frame and judges it. A copy is clean if it ends in a whole frame, a torn tail or
/// zeroes; a complete frame with a bad checksum or chain, or a valid frame after a bad one, makes it damaged.
/// Feed it windows of the copy's bytes, each starting at <see cref="Position"/>.
/// </summary>
public sealed class SegmentScanner(LogId log, SegmentId segment)
{
    private Hash128 _chain;
    private bool _beyond;

    /// <summary>Bytes taken so far; where the next window must start.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes of whole, good frames from the start.</summary>
    public long ValidBytes { get; private set; }

    /// <summary>Whole, good frames from the start.</summary>
    public int ValidFrames { get; private set; }

    /// <summary>The offset after the last good frame; null before the first.</summary>
    public LogOffset? End { get; private set; }

    /// <summary>The highest commit offset in any valid frame, wherever it lies.</summary>
    public LogOffset HighestCommit { get; private set; }

    /// <summary>The chain value after the last good frame.</summary>
    public Hash128 Chain => _chain;

    /// <summary>The judgement; only after <see cref="ScanStep.End"/>.</summary>
    public SegmentCondition Condition { get; private set; }

    /// <summary>
    /// Takes the next frame (Frame: <paramref name="header"/>, its bytes are the first <c>header.Size</c> of the
    /// window), or says that it needs a longer window, or that the copy has ended. <paramref name="isLast"/>: the
    /// window reaches the copy's end. After each call go on at <see cref="Position"/>.
    /// </summary>
    public ScanStep Next(ReadOnlySpan<byte> window, bool isLast, out FrameHeader header)
    {
        header = default;
        if (_beyond)
        {
            return LookBeyond(window, isLast);
        }

        if (window.Length < FrameCodec.HeaderSize)
        {
            return isLast ? Finish(SegmentCondition.Clean) : ScanStep.NeedMore;
        }

        if (!FrameCodec.TryReadHeader(window, out header))
        {
            return PassNoFrame(window, isLast);
        }

        Note(header);
        if (header.Log != log || header.Segment != segment || header.Previous != _chain
            || (End is { } end && header.First != end))
        {
            return Finish(SegmentCondition.Damaged);
        }

        if (window.Length < header.Size)
        {
            return isLast ? Finish(SegmentCondition.Clean) : ScanStep.NeedMore;
        }

        var payload = window.Slice(FrameCodec.HeaderSize, header.PayloadLength);
        var trailer = window[(FrameCodec.HeaderSize + header.PayloadLength)..];
        var isWhole = Crc32C.Compute(payload) == header.PayloadCrc;
        if (!FrameCodec.IsTrailer(trailer) || !isWhole)
        {
            if (!FrameCodec.IsTornTrailer(trailer) || (trailer[0] != 0 && !isWhole))
            {
                return Finish(SegmentCondition.Damaged);
            }

            // In a zero-filled file a torn append is followed by zeroes, from within its end mark at the latest.
            Position += header.Size;
            _beyond = true;
            return LookBeyond(trailer[FrameCodec.TrailerSize..], isLast);
        }

        _chain = FrameCodec.Chain(window);
        Position += header.Size;
        ValidBytes = Position;
        ValidFrames++;
        End = header.End;
        return ScanStep.Frame;
    }

    /// <summary>No good header lies here: a damaged frame if it ends like one, else the end of the frames.</summary>
    private ScanStep PassNoFrame(ReadOnlySpan<byte> window, bool isLast)
    {
        var claimed = FrameCodec.ClaimedSize(window);
        if (claimed > window.Length && !isLast)
        {
            return ScanStep.NeedMore;
        }

        if (claimed > 0 && claimed <= window.Length && FrameCodec.IsTrailer(window[(claimed - 4)..]))
        {
            return Finish(SegmentCondition.Damaged);
        }

        _beyond = true;
        return LookBeyond(window, isLast);
    }

    /// <summary>After something that is no frame: zeroes and a torn tail are clean; a valid frame is damage.</summary>
    private ScanStep LookBeyond(ReadOnlySpan<byte> window, bool isLast)
    {
        var zeroes = window.IndexOfAnyExcept((byte)0);
        if (zeroes < 0)
        {
            Position += window.Length;
            return isLast ? Finish(SegmentCondition.Clean) : ScanStep.NeedMore;
        }

        var last = window.Length - FrameCodec.HeaderSize;
        for (var at = zeroes; at <= last; at++)
        {
            if (FrameCodec.TryReadHeader(window[at..], out var header) && header.Log == log)
            {
                Note(header);
                return Finish(SegmentCondition.Damaged);
            }
        }

        if (isLast)
        {
            var endsInMark = window.Length >= FrameCodec.TrailerSize
                && FrameCodec.IsTrailer(window[^FrameCodec.TrailerSize..]);
            return Finish(endsInMark ? SegmentCondition.Damaged : SegmentCondition.Clean);
        }

        Position += Math.Max(0, last);
        return ScanStep.NeedMore;
    }

    private void Note(in FrameHeader header)
    {
        if (header.Log == log && header.Segment == segment && header.Commit > HighestCommit)
        {
            HighestCommit = header.Commit;
        }
    }

    private ScanStep Finish(SegmentCondition condition)
    {
        Condition = condition;
        return ScanStep.End;
    }
}
