using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs.Inputs;

namespace Pipeline.Kernel.Logs.Writing;

/// <summary>
/// Brings the open segment's frames to its stores and judges their answers. Each store has an in-order queue of its
/// own; one that lags gets several frames in one append, and beyond a bound it is dropped from the segment.
/// </summary>
internal sealed class Replicator(LogCore core)
{
    /// <summary>Sends each store that is free what it lacks.</summary>
    public void Send(SegmentWriter writer)
    {
        foreach (var replica in writer.Replicas)
        {
            if (replica.State != ReplicaState.Active || replica.IsBusy || replica.RetryAt > core.Now
                || writer.Find(replica.Acked) is not { } first)
            {
                continue;
            }

            var last = first;
            while (writer.Find(last.Sequence + 1) is { } next
                && next.EndPosition - replica.Bytes <= core.Options.MaxAppendBytes)
            {
                last = next;
            }

            replica.InFlight = last.Sequence + 1;
            core.Emit(new LogEffect(LogEffectKind.Append)
            {
                Store = replica.Store,
                Segment = writer.Segment.Id,
                Position = replica.Bytes,
                Length = last.EndPosition - replica.Bytes,
                Frame = first.Sequence,
                FrameEnd = replica.InFlight,
            });
        }
    }

    /// <summary>Takes a store's answer to an append; says whether the owner may go on.</summary>
    public Verdict OnAppended(SegmentWriter writer, in LogInput input)
    {
        if (Find(writer, input.Store) is not { } replica || replica.InFlight != input.FrameEnd)
        {
            return Verdict.Continue;
        }

        var sent = writer.Find(replica.InFlight - 1);
        replica.InFlight = 0;
        switch (input.Status)
        {
            case StoreReply.Ok:
                LogCore.Require(
                    sent is not null || replica.State != ReplicaState.Active,
                    "frames stay until their stores hold them");
                Acknowledge(writer, replica, sent?.EndPosition ?? replica.Bytes);
                return Verdict.Continue;
            case var _ when replica.State != ReplicaState.Active && input.Status != StoreReply.Sealed:
                return Verdict.Continue;
            case StoreReply.PositionMismatch:
                return OnMismatch(writer, replica, input.Length);
            default:
                return OnFailure(writer, replica, input.Status);
        }
    }

    /// <summary>Takes what lies on a store where an append did not fit.</summary>
    public Verdict OnCompared(SegmentWriter writer, in LogInput input)
    {
        if (Find(writer, input.Store) is not { IsComparing: true } replica)
        {
            return Verdict.Continue;
        }

        replica.IsComparing = false;
        switch (input.Status)
        {
            case StoreReply.Ok:
                Acknowledge(writer, replica, input.Length);
                return Verdict.Continue;
            case StoreReply.Foreign:
                return Verdict.Alarm;
            default:
                return OnFailure(writer, replica, input.Status);
        }
    }

    /// <summary>Drops stores that are too far behind what is committed.</summary>
    public void DropLaggards(SegmentWriter writer)
    {
        foreach (var replica in writer.Replicas)
        {
            if (replica.State == ReplicaState.Active && replica.Acked < writer.CommittedFrame
                && writer.Find(replica.Acked) is { } oldest
                && (writer.Bytes - replica.Bytes > core.Options.MaxLagBytes
                    || core.Now - oldest.CommittedAt > core.Options.MaxLagTicks)
                && writer.ActiveCount > writer.Segment.Quorum)
            {
                Drop(replica, ReplicaState.Dropped, "too slow");
            }
        }
    }

    public long NextTick(SegmentWriter writer)
    {
        var next = long.MaxValue;
        foreach (var replica in writer.Replicas)
        {
            if (replica.State != ReplicaState.Active)
            {
                continue;
            }

            if (!replica.IsBusy && writer.Find(replica.Acked) is not null)
            {
                next = Math.Min(next, replica.RetryAt);
            }

            if (replica.Acked < writer.CommittedFrame && writer.Find(replica.Acked) is { } oldest
                && writer.ActiveCount > writer.Segment.Quorum)
            {
                next = Math.Min(next, oldest.CommittedAt + core.Options.MaxLagTicks + 1);
            }
        }

        return next;
    }

    private Verdict OnMismatch(SegmentWriter writer, Replica replica, long length)
    {
        if (length > writer.Bytes)
        {
            return Verdict.Alarm;
        }

        if (length < replica.Bytes)
        {
            // What it acknowledged is gone: its copy is no copy any more.
            Drop(replica, ReplicaState.Lost, $"its copy shrank from {replica.Bytes} to {length} bytes");
            return Verdict.Continue;
        }

        replica.IsComparing = true;
        core.Emit(new LogEffect(LogEffectKind.Compare)
        {
            Store = replica.Store,
            Segment = writer.Segment.Id,
            Position = replica.Bytes,
            Length = length,
            Frame = replica.Acked,
            FrameEnd = core.NextFrame,
        });
        return Verdict.Continue;
    }

    private Verdict OnFailure(SegmentWriter writer, Replica replica, StoreReply status)
    {
        switch (status)
        {
            case StoreReply.Sealed:
                return Verdict.Fenced;
            case StoreReply.StoreLost:
                Drop(replica, ReplicaState.Lost, "the store is lost");
                return Verdict.Continue;
            case StoreReply.NotFound:
                Drop(replica, ReplicaState.Lost, "its copy has vanished");
                return Verdict.CheckOwner;
            case StoreReply.NoSpace when writer.ActiveCount > writer.Segment.Quorum:
                Drop(replica, ReplicaState.Dropped, "no space");
                return Verdict.Continue;
            default:
                replica.RetryAt = core.RetryAt(replica.Attempts++);
                return Verdict.Continue;
        }
    }

    private static void Acknowledge(SegmentWriter writer, Replica replica, long bytes)
    {
        LogCore.Require(bytes >= replica.Bytes && bytes <= writer.Bytes, "a copy is a prefix of the segment");
        replica.Bytes = bytes;
        replica.Attempts = 0;
        while (writer.Find(replica.Acked) is { } frame && frame.EndPosition <= bytes)
        {
            replica.Acked++;
        }
    }

    private void Drop(Replica replica, ReplicaState state, string reason)
    {
        replica.State = state;
        core.Emit(new LogEffect(LogEffectKind.Dropped) { Store = replica.Store, Detail = reason });
    }

    private static Replica? Find(SegmentWriter writer, StoreId store)
    {
        foreach (var replica in writer.Replicas)
        {
            if (replica.Store == store)
            {
                return replica;
            }
        }

        return null;
    }
}
