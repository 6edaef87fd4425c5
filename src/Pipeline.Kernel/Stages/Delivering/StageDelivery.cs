using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>
/// Decides what of a stage instance goes out and when: parts, watermarks, checkpoints. One input in, effects out; it
/// reads no clock and does nothing by itself. What it promises is said by its parts: <see cref="OutletDelivery"/> for
/// each target partition, <see cref="CheckpointDelivery"/>. After an effect that ends the instance there are no more.
/// </summary>
public sealed class StageDelivery
{
    private OutletDelivery[] _outlets;
    private CheckpointDelivery _checkpoint;
    private long _wake = long.MaxValue;

    /// <param name="areOutputs">
    /// For each outlet whether it is a stage's output, whose readers are told watermarks: dead letters and late events
    /// have none.
    /// </param>
    /// <param name="options">How long it waits.</param>
    public StageDelivery(IReadOnlyList<bool> areOutputs, DeliveryOptions options)
        : this(areOutputs, options, DeliveryFlaws.None)
    {
    }

    internal StageDelivery(IReadOnlyList<bool> areOutputs, DeliveryOptions options, DeliveryFlaws flaws)
    {
        _outlets = [.. areOutputs.Select((isOutput, i) => new OutletDelivery(i, isOutput, options, flaws))];
        _checkpoint = new CheckpointDelivery(_outlets.Length, options, flaws);
    }

    /// <summary>A durable checkpoint has all that was made, and none is under way.</summary>
    public bool IsSettled => _checkpoint.IsSettled;

    /// <summary>It was fenced or overtaken, or failed.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Bytes of the part that is under way to a target.</summary>
    public long InFlightBytes(int outlet) => _outlets[outlet].InFlightBytes;

    /// <summary>Everything made for an outlet through here is durable in its target.</summary>
    public Origin Committed(int outlet) => _outlets[outlet].Committed;

    /// <summary>Takes one input, changes the state, appends the effects.</summary>
    public void Step(in DeliveryInput input, IStageOutputs outputs, List<DeliveryEffect> effects)
    {
        if (IsOver)
        {
            return;
        }

        var turn = new DeliveryTurn(input.Now, outputs, effects);
        switch (input.Kind)
        {
            case DeliveryInputKind.Opened:
                _outlets[input.Outlet].Open(input.Last);
                return;
            case DeliveryInputKind.Made:
                _checkpoint.Change();
                Pump(turn);
                return;
            case DeliveryInputKind.Answered:
                OnAnswered(input, turn);
                return;
            case DeliveryInputKind.Saved:
                IsOver = !_checkpoint.Answer(input.Checkpoint, turn);
                break;
            case DeliveryInputKind.Leave:
                Leave();
                break;
            case DeliveryInputKind.Changed:
                _checkpoint.Change();
                break;
            case DeliveryInputKind.Flush:
                _checkpoint.Flush();
                break;
            case DeliveryInputKind.Woke:
                _wake = long.MaxValue;
                break;
        }

        if (!IsOver)
        {
            See(input.Kind, turn);
        }
    }

    /// <summary>A copy that goes its own way.</summary>
    internal StageDelivery Clone()
    {
        var copy = (StageDelivery)MemberwiseClone();
        copy._outlets = [.. _outlets.Select(static outlet => outlet.Clone())];
        copy._checkpoint = _checkpoint.Clone();
        return copy;
    }

    /// <summary>Equal behaviour from now on means equal bytes.</summary>
    internal void Encode(ByteWriter to, long now)
    {
        to.Byte(IsOver ? (byte)1 : (byte)0);
        to.Int64(_wake == long.MaxValue ? -1 : Math.Max(0, _wake - now));
        _checkpoint.Encode(to, now);
        foreach (var outlet in _outlets)
        {
            outlet.Encode(to, now);
        }
    }

    /// <summary>An answer concerns its outlet, and a checkpoint that waits for it: there may be many outlets.</summary>
    private void OnAnswered(in DeliveryInput input, in DeliveryTurn turn)
    {
        var outlet = _outlets[input.Outlet];
        if (!outlet.Answer(input.Reply, input.Last, turn))
        {
            IsOver = true;
            return;
        }

        outlet.Pump(turn);
        _checkpoint.Advance(_outlets, turn);
        Wake(Math.Min(outlet.WakeAt(turn), _checkpoint.WakeAt(turn)), turn);
    }

    private void Leave()
    {
        foreach (var outlet in _outlets)
        {
            outlet.Leave();
        }
    }

    private void See(DeliveryInputKind kind, in DeliveryTurn turn)
    {
        Pump(turn);
        if (kind is not (DeliveryInputKind.Saved or DeliveryInputKind.Leave))
        {
            _checkpoint.Begin(turn);
        }

        _checkpoint.Advance(_outlets, turn);
        var at = _checkpoint.WakeAt(turn);
        foreach (var outlet in _outlets)
        {
            at = Math.Min(at, outlet.WakeAt(turn));
        }

        Wake(at, turn);
    }

    private void Pump(in DeliveryTurn turn)
    {
        foreach (var outlet in _outlets)
        {
            outlet.Pump(turn);
        }
    }

    /// <summary>What was asked for is kept while it is earlier: it is asked again then.</summary>
    private void Wake(long at, in DeliveryTurn turn)
    {
        if (at < _wake)
        {
            _wake = at;
            turn.Add(new DeliveryEffect(DeliveryEffectKind.WakeAt) { Time = at });
        }
    }
}
