using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Writing;

/// <summary>What an owner that takes over from itself has not answered yet.</summary>
internal sealed class Carried(SegmentWriter writer)
{
    private readonly List<LogFrame> _frames = [.. writer.Uncommitted];

    public LogOffset Committed { get; } = writer.Committed;

    public IEnumerable<LogFrame> Frames => _frames;

    /// <summary>Frames in the recovered prefix are committed; the others are not in the log, and go back to the queue.</summary>
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
                Segment = writer.Segment.Id,
            });
            foreach (var pending in frame.Replies)
            {
                admission.Reply(pending);
            }
        }

        admission.Return(returned);
    }
}
