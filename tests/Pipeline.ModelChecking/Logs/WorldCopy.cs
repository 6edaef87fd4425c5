using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;

namespace Pipeline.ModelChecking.Logs;

/// <summary>One store's copy of a segment, with its repair blob.</summary>
internal sealed record WorldCopy
{
    public IReadOnlyList<WorldFrame> Frames { get; init; } = [];

    public bool IsSealed { get; init; }

    /// <summary>The frame with flipped bits; -1: none.</summary>
    public int Damaged { get; init; } = -1;

    /// <summary>The repair blob goes on from this frame; -1: there is none.</summary>
    public int FixFrom { get; init; } = -1;

    public IReadOnlyList<WorldFrame> Fix { get; init; } = [];

    public long Length => (long)Frames.Count * WorldFrame.Size;

    /// <summary>Whole, good frames from the start of the append blob.</summary>
    public IEnumerable<WorldFrame> Good => Damaged < 0 ? Frames : Frames.Take(Damaged);

    public SegmentCopy Scan() => new(
        Damaged < 0 ? SegmentCondition.Clean : SegmentCondition.Damaged,
        (long)Good.Count() * WorldFrame.Size,
        Good.Count(),
        Good.LastOrDefault()?.Header.End,
        Frames.Where((_, at) => at != Damaged).Select(static frame => frame.Header.Commit)
            .DefaultIfEmpty().Max());

    /// <summary>The first frames, from the append blob and the repair blob; null where they are not there.</summary>
    public IReadOnlyList<WorldFrame>? Read(int frames)
    {
        var good = Good.Take(frames).ToList();
        if (good.Count < frames && FixFrom >= 0 && good.Count >= FixFrom)
        {
            good = [.. good.Take(FixFrom), .. Fix];
        }

        return good.Count >= frames ? [.. good.Take(frames)] : null;
    }

    public UInt128 Print(SegmentId segment)
    {
        UInt128 head = unchecked((ulong)segment.Epoch.Value);
        head = (head << 32) | unchecked((uint)segment.Number);
        head = (head << 16) | unchecked((ushort)(Damaged + 1));
        head = (head << 16) | unchecked((ushort)(FixFrom + 1));
        head = (head << 8) | (byte)Frames.Count;
        head = (head << 1) | (IsSealed ? 1U : 0U);
        return LogSymmetry.Combine(
            [head, .. Frames.Select(static frame => frame.Print), .. Fix.Select(static frame => frame.Print)]);
    }
}
