using System.Collections.Immutable;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Writing;

/// <summary>
/// The open segment: its frames, and how far each store is. Invariants:
/// <list type="bullet">
/// <item>For every position there is one sequence of bytes, on whatever store; it is retried, never replaced.</item>
/// <item>A store has one append under way at a time, at the length it is known to have.</item>
/// <item>A frame is committed when Quorum stores hold the whole prefix through it; that never goes back.</item>
/// <item>Fewer than Quorum active stores are never left by dropping a slow one.</item>
/// </list>
/// </summary>
internal sealed class SegmentWriter
{
    private readonly LogCore _core;
    private readonly List<LogFrame> _frames;
    private LogFrame? _encoding;

    public SegmentWriter(LogCore core, OpenSegment segment)
    {
        _core = core;
        _frames = [];
        Segment = segment;
        FirstFrame = core.NextFrame;
        CommittedFrame = core.NextFrame;
        Next = segment.First;
        Committed = segment.First;
        Replicas = [.. segment.Stores.Select(store => new Replica(store) { Acked = core.NextFrame })];
    }

    private SegmentWriter(LogCore core, SegmentWriter from)
    {
        _core = core;
        Segment = from.Segment;
        FirstFrame = from.FirstFrame;
        CommittedFrame = from.CommittedFrame;
        Committed = from.Committed;
        Next = from.Next;
        Bytes = from.Bytes;
        HeadBytes = from.HeadBytes;
        LastCommitWritten = from.LastCommitWritten;
        LastCommitAt = from.LastCommitAt;
        FirstEventTime = from.FirstEventTime;
        LastEventTime = from.LastEventTime;
        Replicas = [.. from.Replicas.Select(r => r.Copy())];
        _frames = [.. from._frames.Select(f => f.Copy())];
        _encoding = from._encoding?.Copy();
    }

    public OpenSegment Segment { get; }

    public ImmutableArray<Replica> Replicas { get; }

    /// <summary>The sequence number of the segment's first frame.</summary>
    public long FirstFrame { get; }

    /// <summary>Frames before this one are committed.</summary>
    public long CommittedFrame { get; private set; }

    /// <summary>The offset after the last committed event.</summary>
    public LogOffset Committed { get; private set; }

    /// <summary>The offset after the last event.</summary>
    public LogOffset Next { get; private set; }

    /// <summary>The length of a whole copy.</summary>
    public long Bytes { get; private set; }

    /// <summary>The length of its state frame; a roll writes as much again.</summary>
    public long HeadBytes { get; private set; }

    public int FrameCount => (int)(_core.NextFrame - FirstFrame) - (_encoding is null ? 0 : 1);

    /// <summary>The commit offset that the last frame carries.</summary>
    public LogOffset LastCommitWritten { get; private set; }

    public long LastCommitAt { get; private set; }

    public long FirstEventTime { get; private set; }

    public long LastEventTime { get; private set; }

    public bool IsEncoding => _encoding is not null;

    /// <summary>Encoded frames that some store may still need, in order.</summary>
    public IReadOnlyList<LogFrame> Frames => _frames;

    public bool AllCommitted => _encoding is null && CommittedFrame == _core.NextFrame;

    public bool HeadCommitted => CommittedFrame > FirstFrame;

    public int ActiveCount => Count(ReplicaState.Active);

    /// <summary>The stores it is being written to; the list of before where it is the same.</summary>
    public IReadOnlyList<StoreId> WrittenTo(IReadOnlyList<StoreId>? before) => before is not null && IsActive(before)
        ? before
        : [.. Replicas.Where(static r => r.State == ReplicaState.Active).Select(static r => r.Store)];

    public bool AllActiveAcked
    {
        get
        {
            foreach (var replica in Replicas)
            {
                if (replica.State == ReplicaState.Active && replica.Acked != _core.NextFrame)
                {
                    return false;
                }
            }

            return true;
        }
    }

    public IEnumerable<LogFrame> Uncommitted => _frames.Where(f => f.Sequence >= CommittedFrame);

    public int UncommittedBlocks
    {
        get
        {
            var blocks = _encoding?.Kind == FrameKind.Data ? 1 : 0;
            for (var i = _frames.Count - 1; i >= 0 && _frames[i].Sequence >= CommittedFrame; i--)
            {
                blocks += _frames[i].Kind == FrameKind.Data ? 1 : 0;
            }

            return blocks;
        }
    }

    /// <summary>The newest frame if it is not committed: what a duplicate of something in it waits for.</summary>
    public LogFrame? NewestUncommitted =>
        _frames.Count > 0 && _frames[^1].Sequence >= CommittedFrame ? _frames[^1] : null;

    /// <summary>Closes a frame: the driver encodes it and says how long it is.</summary>
    public void Close(FrameKind kind, int count, long time, long windowMark, List<PendingReply> replies)
    {
        LogCore.Require(_encoding is null, "one frame is encoded at a time");
        _encoding = new LogFrame
        {
            Sequence = _core.NextFrame++,
            Kind = kind,
            Start = Bytes,
            First = Next,
            Count = count,
            Commit = Committed,
            Time = time,
            WindowMark = windowMark,
            ClosedAt = _core.Now,
            Replies = replies,
        };
        _core.Emit(new LogEffect(LogEffectKind.EncodeFrame)
        {
            Segment = Segment.Id,
            Frame = _encoding.Sequence,
            FrameKind = kind,
            Position = Bytes,
            First = Next,
            Count = count,
            Commit = Committed,
            Time = time,
        });
    }

    public void OnEncoded(long length)
    {
        LogCore.Require(_encoding is not null && length > 0, "a frame is encoded after it was closed");
        var frame = _encoding;
        _encoding = null;
        frame.Length = length;
        _frames.Add(frame);
        HeadBytes = Bytes == 0 ? length : HeadBytes;
        Bytes += length;
        Next = frame.End;
        LastCommitWritten = frame.Commit;
        if (frame is { Kind: FrameKind.Data, Count: > 0 })
        {
            FirstEventTime = FirstEventTime == 0 ? frame.Time : FirstEventTime;
            LastEventTime = frame.Time;
        }
    }

    /// <summary>Raises the commit to what a majority holds; calls <paramref name="onCommit"/> for each frame.</summary>
    public void Commit(Action<LogFrame> onCommit)
    {
        var held = QuorumHolds();
        if (held <= CommittedFrame)
        {
            return;
        }

        foreach (var frame in _frames)
        {
            if (frame.Sequence >= CommittedFrame && frame.Sequence < held)
            {
                frame.CommittedAt = _core.Now;
                Committed = frame.End;
                onCommit(frame);
            }
        }

        CommittedFrame = held;
        LastCommitAt = _core.Now;
        _core.Emit(new LogEffect(LogEffectKind.Committed) { FrameEnd = held, First = Committed, Segment = Segment.Id });
    }

    /// <summary>Lets go of frames that are committed and that every active store holds.</summary>
    public void Release()
    {
        var needed = CommittedFrame;
        foreach (var replica in Replicas)
        {
            if (replica.State == ReplicaState.Active)
            {
                needed = Math.Min(needed, replica.Acked);
            }
        }

        var count = 0;
        while (count < _frames.Count && _frames[count].Sequence < needed)
        {
            count++;
        }

        if (count > 0)
        {
            _frames.RemoveRange(0, count);
            _core.Emit(new LogEffect(LogEffectKind.Release) { FrameEnd = needed, Segment = Segment.Id });
        }
    }

    public LogFrame? Find(long sequence)
    {
        var index = _frames.Count == 0 ? -1 : sequence - _frames[0].Sequence;
        return index >= 0 && index < _frames.Count ? _frames[(int)index] : null;
    }

    /// <summary>Whether the segment is being written to this store.</summary>
    public bool IsActive(StoreId store)
    {
        foreach (var replica in Replicas)
        {
            if (replica.Store == store)
            {
                return replica.State == ReplicaState.Active;
            }
        }

        return false;
    }

    /// <summary>Whether these, in this order, are the stores that the segment is being written to.</summary>
    private bool IsActive(IReadOnlyList<StoreId> stores)
    {
        var at = 0;
        foreach (var replica in Replicas)
        {
            if (replica.State == ReplicaState.Active && (at == stores.Count || stores[at++] != replica.Store))
            {
                return false;
            }
        }

        return at == stores.Count;
    }

    public int Count(ReplicaState state)
    {
        var count = 0;
        foreach (var replica in Replicas)
        {
            count += replica.State == state ? 1 : 0;
        }

        return count;
    }

    public SegmentWriter Copy(LogCore core) => new(core, this);

    public void Encode(ByteWriter to)
    {
        to.Int64(CommittedFrame);
        to.Int64(Committed.Value);
        to.Int64(Next.Value);
        to.Int64(Bytes);
        to.Int64(HeadBytes);
        to.Int64(LastCommitWritten.Value);
        _core.EncodeTime(to, LastCommitAt + _core.Options.CommitIdleTicks);
        to.Bool(_encoding is not null);
        _encoding?.Encode(to);
        to.Int32(_frames.Count);
        foreach (var frame in _frames)
        {
            frame.Encode(to);
        }

        foreach (var replica in Replicas)
        {
            replica.Encode(to, _core);
        }
    }

    private long QuorumHolds()
    {
        Span<long> acked = stackalloc long[Replicas.Length];
        var count = 0;
        foreach (var replica in Replicas)
        {
            if (replica.State != ReplicaState.Lost)
            {
                acked[count++] = replica.Acked;
            }
        }

        var quorum = _core.Has(LogFlaws.AcknowledgeAtOne) ? 1 : Segment.Quorum;
        acked = acked[..count];
        acked.Sort();
        return count < quorum ? CommittedFrame : acked[count - quorum];
    }
}
