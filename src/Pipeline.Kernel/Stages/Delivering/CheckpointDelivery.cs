using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>
/// When a checkpoint is written. Invariants:
/// <list type="bullet">
/// <item>One is under way at a time, of a state between two blocks.</item>
/// <item>It is written only when every output made before its snapshot is committed.</item>
/// <item>What no durable checkpoint has is written some time: a write without an answer leaves it to be done.</item>
/// <item>Writing takes at most a fifth of the time, unless it is told to flush: a large state must not fill the
/// stores' time. A write without an answer counts for none: it is repeated after a short rest.</item>
/// </list>
/// </summary>
internal sealed class CheckpointDelivery(int outlets, DeliveryOptions options, DeliveryFlaws flaws)
{
    private const int PauseFactor = 4;

    private Origin[] _marks = new Origin[outlets];
    private CheckpointPhase _phase;
    private bool _isDirty;
    private bool _isFlushing;
    private int _committed;
    private long _started;
    private long _due;
    private long _restUntil;

    /// <summary>The last checkpoint has all there is.</summary>
    public bool IsSettled => !_isDirty && _phase == CheckpointPhase.None;

    /// <summary>Whether an output is durable that was the last one made before a snapshot.</summary>
    public static bool IsCommitted(Origin mark, Origin committed) => committed >= mark;

    /// <summary>There is something a checkpoint does not have.</summary>
    public void Change() => _isDirty = true;

    public void Flush() => _isFlushing = !IsSettled;

    /// <summary>Begins one if it is due.</summary>
    public void Begin(in DeliveryTurn turn)
    {
        if (!_isDirty || _phase != CheckpointPhase.None || (!_isFlushing && turn.Now < _due)
            || turn.Outputs.IsWithinBlock)
        {
            return;
        }

        (_phase, _isDirty, _started, _committed) = (CheckpointPhase.Waiting, false, turn.Now, 0);
        for (var outlet = 0; outlet < _marks.Length; outlet++)
        {
            _marks[outlet] = turn.Outputs.LastOf(outlet);
        }

        turn.Add(new DeliveryEffect(DeliveryEffectKind.TakeSnapshot));
    }

    /// <summary>Writes it once all outputs that it counts are committed.</summary>
    public void Advance(OutletDelivery[] outlets, in DeliveryTurn turn)
    {
        if (_phase == CheckpointPhase.Resting && turn.Now >= _restUntil)
        {
            // It cost time and no work, and is overdue.
            End(turn, turn.Now);
        }

        if (_phase != CheckpointPhase.Waiting)
        {
            return;
        }

        while (_committed < _marks.Length && IsCommitted(_marks[_committed], outlets[_committed].Committed))
        {
            _committed++;
        }

        if (_committed == _marks.Length || (flaws & DeliveryFlaws.CheckpointEarly) != 0)
        {
            _phase = CheckpointPhase.Writing;
            turn.Add(new DeliveryEffect(DeliveryEffectKind.WriteCheckpoint));
        }
    }

    /// <summary>False where the instance ends.</summary>
    public bool Answer(CheckpointReply reply, in DeliveryTurn turn)
    {
        if (_phase != CheckpointPhase.Writing)
        {
            throw new InvalidOperationException("a checkpoint was answered, and none was written");
        }

        switch (reply)
        {
            case CheckpointReply.Written:
                turn.Add(new DeliveryEffect(DeliveryEffectKind.Durable));
                End(turn, turn.Now + Math.Max(PauseFactor * (turn.Now - _started), options.CheckpointInterval));
                return true;
            case CheckpointReply.Fenced:
                turn.Add(new DeliveryEffect(DeliveryEffectKind.Overtaken));
                return false;
            default:
                _isDirty |= (flaws & DeliveryFlaws.ForgetUnavailable) == 0;
                (_phase, _restUntil) = (CheckpointPhase.Resting, turn.Now + options.RetryDelay);
                turn.Add(new DeliveryEffect(DeliveryEffectKind.NotWritten));
                return true;
        }
    }

    /// <summary>When there is something to do though no input comes; long.MaxValue: never.</summary>
    public long WakeAt(in DeliveryTurn turn) => _phase switch
    {
        CheckpointPhase.Resting => _restUntil,
        CheckpointPhase.None when _isDirty => Math.Max(turn.Now + options.WatermarkPause, _due),
        _ => long.MaxValue,
    };

    public CheckpointDelivery Clone()
    {
        var copy = (CheckpointDelivery)MemberwiseClone();
        copy._marks = [.. _marks];
        return copy;
    }

    /// <summary>What it does from here on; times count from now.</summary>
    public void Encode(ByteWriter to, long now)
    {
        to.Byte((byte)_phase);
        to.Byte((byte)((_isDirty ? 1 : 0) | (_isFlushing ? 2 : 0)));
        to.Int64(Math.Max(0, _due - now));
        to.Int64(_phase == CheckpointPhase.None ? 0 : now - _started);
        to.Int64(_phase == CheckpointPhase.Resting ? Math.Max(0, _restUntil - now) : 0);
        foreach (var mark in _phase == CheckpointPhase.Waiting ? _marks : [])
        {
            to.Int64(mark.Offset);
            to.Int32(mark.Ordinal);
        }
    }

    private void End(in DeliveryTurn turn, long due)
    {
        (_phase, _due) = (CheckpointPhase.None, due);
        _isFlushing &= _isDirty;
        turn.Add(new DeliveryEffect(DeliveryEffectKind.CheckpointOver));
        if (_isFlushing)
        {
            Begin(turn);
        }
    }
}
