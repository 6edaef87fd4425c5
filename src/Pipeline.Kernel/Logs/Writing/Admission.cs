using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Logs.Deduplicating;
using Pipeline.Kernel.Logs.Inputs;

namespace Pipeline.Kernel.Logs.Writing;

/// <summary>
/// The queue before the log, and group commit: while a block is outstanding parts queue; its completion closes the
/// next. Invariants: a part is refused only before it was put into a block; a part is never split over blocks.
/// </summary>
internal sealed class Admission(LogCore core)
{
    private const long DeadlineGrain = 100 * TimeSpan.TicksPerMillisecond;
    private Queue<QueuedPart> _queue = new();

    public long QueuedBytes { get; private set; }

    public bool IsEmpty => _queue.Count == 0;

    public Admission Copy(LogCore to) => new(to) { _queue = new(_queue), QueuedBytes = QueuedBytes };

    public void Encode(ByteWriter to)
    {
        to.Int32(_queue.Count);
        foreach (var part in _queue)
        {
            part.Encode(to);
        }
    }

    public void Enqueue(in LogInput input)
    {
        if (QueuedBytes > 0 && QueuedBytes + input.Length > core.Options.MaxQueuedBytes)
        {
            Reply(input.Slice, LogReply.TooFast);
            return;
        }

        QueuedBytes += input.Length;
        _queue.Enqueue(new QueuedPart(
            input.Slice, (int)input.Length, input.Header, input.EventHandles, input.Deadline, core.Now));
    }

    /// <summary>Puts what waits into one block, if any of it is new.</summary>
    public void CloseBlock(SegmentWriter writer, Deduplication memory, long wallTime)
    {
        var replies = new List<PendingReply>();
        var next = writer.Next;
        var time = Math.Max(core.LastTime, wallTime);
        memory.Begin(time);
        var bytes = 0L;
        var parts = 0;
        while (_queue.TryPeek(out var part) && (parts == 0 || bytes + part.Length <= core.Options.MaxBlockBytes))
        {
            _queue.Dequeue();
            QueuedBytes -= part.Length;
            var decision = memory.Admit(part.Header, part.Handles, next, core.NextFrame);
            if (decision.IsWritten)
            {
                core.Emit(new LogEffect(LogEffectKind.AddPart) { Slice = part.Slice, Kept = decision.Kept });
                replies.Add(new PendingReply(part, decision, next));
                next += decision.New;
                bytes += part.Length;
                parts++;
            }
            else if (decision.IsPending && !core.Has(LogFlaws.AnswerDuplicatesAtOnce))
            {
                (parts > 0 ? replies : writer.NewestUncommitted?.Replies ?? replies)
                    .Add(new PendingReply(part, decision, next));
            }
            else
            {
                Reply(new PendingReply(part, decision, next));
            }
        }

        if (parts > 0)
        {
            core.LastTime = time;
            memory.End(time);
            writer.Close(FrameKind.Data, (int)(next - writer.Next), time, memory.Window.Next, replies);
        }
        else
        {
            LogCore.Require(replies.Count == 0, "a duplicate waits for a frame that is not committed");
        }
    }

    /// <summary>Puts parts back before all others: their block is not in the log.</summary>
    public void Return(IEnumerable<QueuedPart> parts)
    {
        _queue = new Queue<QueuedPart>([.. parts, .. _queue]);
        QueuedBytes = _queue.Sum(p => (long)p.Length);
    }

    /// <summary>Refuses what has waited too long for a block.</summary>
    public void Expire()
    {
        while (_queue.TryPeek(out var part)
            && (core.Now >= part.Deadline || core.Now - part.ArrivedAt >= core.Options.MaxQueueTicks))
        {
            _queue.Dequeue();
            QueuedBytes -= part.Length;
            Reply(part.Slice, LogReply.NotAppended);
        }
    }

    /// <summary>Answers with Unknown what has waited too long for its commit.</summary>
    public void Expire(IEnumerable<LogFrame> uncommitted)
    {
        foreach (var frame in uncommitted)
        {
            for (var i = frame.Replies.Count - 1; i >= 0; i--)
            {
                if (core.Now >= frame.Replies[i].Part.Deadline)
                {
                    Reply(frame.Replies[i].Part.Slice, LogReply.OutcomeUnknown);
                    frame.Replies.RemoveAt(i);
                }
            }
        }
    }

    /// <summary>Refuses everything that waits for a block.</summary>
    public void RefuseAll()
    {
        foreach (var part in _queue)
        {
            Reply(part.Slice, LogReply.NotAppended);
        }

        _queue.Clear();
        QueuedBytes = 0;
    }

    /// <summary>When the oldest wait may be over; looked at in steps, so that a busy log sets few timers.</summary>
    public long NextTick(bool hasUncommitted) =>
        IsEmpty && !hasUncommitted ? long.MaxValue : core.Now + DeadlineGrain;

    public void Reply(int slice, LogReply reply) =>
        core.Emit(new LogEffect(LogEffectKind.Reply) { Slice = slice, Reply = reply, Last = Origin.None });

    public void Reply(in PendingReply pending)
    {
        var decision = pending.Decision;
        core.Emit(new LogEffect(LogEffectKind.Reply)
        {
            Slice = pending.Part.Slice,
            Reply = decision.Reply,
            First = pending.First,
            Count = decision.New,
            Duplicates = decision.Duplicates,
            Runs = decision.Runs,
            Expected = decision.Expected,
            Last = decision.Last,
        });
    }
}
