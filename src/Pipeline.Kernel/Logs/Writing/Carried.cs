using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Writing;

/// <summary>What an owner that takes over from itself has not answered yet.</summary>
internal sealed class Carried
{
    private readonly SegmentId _segment;
    private readonly List<LogFrame> _frames;

    public Carried(SegmentWriter writer)
        : this(writer.Segment.Id, writer.Committed, [.. writer.Uncommitted])
    {
    }

    private Carried(SegmentId segment, LogOffset committed, List<LogFrame> frames) =>
        (_segment, Committed, _frames) = (segment, committed, frames);

    public LogOffset Committed { get; }

    public IEnumerable<LogFrame> Frames => _frames;

    public Carried Copy() => new(_segment, Committed, [.. _frames.Select(f => f.Copy())]);

    public void Encode(ByteWriter to)
    {
        to.Int64(Committed.Value);
        to.Int32(_frames.Count);
        foreach (var frame in _frames)
        {
            frame.Encode(to);
        }
    }

    /// <summary>
    /// Frames in the recovered prefix are committed; the others are not in the log, and go back to the queue.
    /// </summary>
    public void Resolve(Admission admission, LogCore core, long recoveredBytes)
    {
        var returned = new List<QueuedPart>();
        foreach (var frame in _frames)
        {
            if (frame.EndPosition > recoveredBytes)
            {
                returned.AddRange(frame.Replies.Select(r => r.Part));
                continue;
            }

            core.Emit(new LogEffect(LogEffectKind.Committed)
            {
                FrameEnd = frame.Sequence + 1,
                First = frame.End,
                Segment = _segment,
            });
            foreach (var pending in frame.Replies)
            {
                admission.Reply(pending);
            }
        }

        admission.Return(returned);
    }
}
