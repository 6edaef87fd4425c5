using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.Kernel.Stages.Delivering;

namespace Pipeline.Processing.Stages;

/// <summary>
/// Feeds a stage instance's <see cref="StageDelivery"/> and carries out its effects. Lives on the instance's loop;
/// whatever is thrown in here fails the instance.
/// </summary>
internal sealed class DeliveryDriver : IStageOutputs
{
    private readonly StageInstance _owner;
    private readonly StageSetup _setup;
    private readonly StageMachine _machine;
    private readonly StageOutlet[] _outlets;
    private readonly OutletSender[] _senders;
    private readonly CheckpointWriter _checkpoints;
    private readonly StageDelivery _delivery;
    private readonly List<DeliveryEffect> _effects = [];
    private ITimer? _timer;
    private bool _isCarrying;

    public DeliveryDriver(StageInstance owner, StageSetup setup, StageMachine machine)
    {
        (_owner, _setup, _machine, _outlets) = (owner, setup, machine, [.. machine.Outlets]);
        _senders = [.. _outlets.Select((outlet, i) => new OutletSender(
            owner,
            setup.Layout,
            setup.Targets[outlet.Target][outlet.Partition],
            (reply, last) => Feed(DeliveryInput.Answered(i, reply, last, owner.Elapsed))))];
        _checkpoints = new CheckpointWriter(
            owner, setup.Checkpoints, machine, reply => Feed(DeliveryInput.Saved(reply, owner.Elapsed)));
        _delivery = new StageDelivery(
            [.. _outlets.Select(outlet => setup.Layout.Nodes.Any(node => node.Output == outlet.Target))],
            new DeliveryOptions
            {
                CheckpointInterval = setup.Settings.CheckpointInterval.Ticks,
                RetryDelay = setup.Settings.RetryDelay.Ticks,
            });
    }

    /// <summary>Bytes made and not committed.</summary>
    public long UncommittedBytes
    {
        get
        {
            var bytes = 0L;
            for (var i = 0; i < _outlets.Length; i++)
            {
                bytes += _outlets[i].PendingBytes + _delivery.InFlightBytes(i);
            }

            return bytes;
        }
    }

    bool IStageOutputs.IsWithinBlock => _machine.IsWithinBlock;

    /// <summary>Asks every target what it holds; false where one did not answer, or the instance ended.</summary>
    public async ValueTask<bool> TryOpenAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < _outlets.Length; i++)
        {
            if (await _senders[i].OpenAsync(cancellationToken) is not { } last)
            {
                return false;
            }

            _machine.Resume(_outlets[i], last);
            Feed(DeliveryInput.Opened(i, last));
        }

        return true;
    }

    /// <summary>The machine took a step.</summary>
    public void Made() => Feed(DeliveryInput.Made(_owner.Elapsed));

    /// <summary>Sends and writes what is due.</summary>
    public void Look() => Feed(DeliveryInput.Looked(_owner.Elapsed));

    /// <summary>There is something a checkpoint does not have.</summary>
    public void Change() => Feed(DeliveryInput.Changed(_owner.Elapsed));

    /// <summary>Tells the readers of the outputs not to wait for this instance.</summary>
    public void Leave() => Feed(DeliveryInput.Leave(_owner.Elapsed));

    /// <summary>Everything committed, and a checkpoint that has it.</summary>
    public async Task FlushAsync()
    {
        Feed(DeliveryInput.Flush(_owner.Elapsed));
        while (!_owner.HasEnded && !_delivery.IsSettled)
        {
            await _owner.NextProgressAsync();
        }
    }

    Origin IStageOutputs.LastOf(int outlet) => _outlets[outlet].Last;

    OutputPart? IStageOutputs.Take(int outlet) => _outlets[outlet].Take();

    long IStageOutputs.WatermarkOf(int outlet) => _machine.OutputWatermark(_outlets[outlet].Target);

    bool IStageOutputs.IsAwaited(int outlet) => _setup.FeedsStages(_outlets[outlet].Target);

    private void Feed(in DeliveryInput input)
    {
        if (_owner.HasEnded)
        {
            return;
        }

        try
        {
            _delivery.Step(input, this, _effects);
            if (!_isCarrying)
            {
                CarryAll();
            }
        }
        catch (Exception error)
        {
            _owner.Fault("delivering outputs", error);
        }
    }

    /// <summary>An effect may be answered while it is carried out: what follows comes at the end.</summary>
    private void CarryAll()
    {
        _isCarrying = true;
        for (var i = 0; i < _effects.Count && !_owner.HasEnded; i++)
        {
            Carry(_effects[i]);
        }

        _effects.Clear();
        _isCarrying = false;
    }

    private void Carry(in DeliveryEffect effect)
    {
        switch (effect.Kind)
        {
            case DeliveryEffectKind.Send or DeliveryEffectKind.SendAgain or DeliveryEffectKind.Say:
                _senders[effect.Outlet].Carry(effect);
                break;
            case DeliveryEffectKind.Committed:
                _senders[effect.Outlet].EndSpan();
                _machine.Recycle(effect.Part!);
                _owner.Waits(null);
                _owner.Progressed();
                break;
            case DeliveryEffectKind.Refused:
                _senders[effect.Outlet].Refuse();
                break;
            case DeliveryEffectKind.TakeSnapshot:
                _checkpoints.Take();
                break;
            case DeliveryEffectKind.WriteCheckpoint:
                _checkpoints.Write();
                break;
            case DeliveryEffectKind.Durable:
                _checkpoints.Confirm();
                _owner.WaitsToWrite(null);
                break;
            case DeliveryEffectKind.NotWritten:
                _owner.WaitsToWrite("the checkpoint cannot be written to a majority of stores");
                break;
            case DeliveryEffectKind.CheckpointOver:
                _owner.Publish();
                _owner.Progressed();
                break;
            case DeliveryEffectKind.WakeAt:
                WakeAt(effect.Time);
                break;
            default:
                End(effect);
                break;
        }
    }

    private void End(in DeliveryEffect effect)
    {
        switch (effect.Kind)
        {
            case DeliveryEffectKind.Fence:
                _senders[effect.Outlet].Fence();
                break;
            case DeliveryEffectKind.Overtaken:
                _owner.Overtake();
                break;
            case DeliveryEffectKind.NotMadeAgain:
                _senders[effect.Outlet].FailAsNotMadeAgain();
                break;
            case DeliveryEffectKind.Diverged:
                _senders[effect.Outlet].FailAsDiverged(effect.Last, effect.Part!.Header.Previous);
                break;
            default:
                throw new InvalidOperationException($"no driver carries out {effect.Kind}");
        }
    }

    private void WakeAt(long time)
    {
        _timer ??= _setup.Loop.Time.CreateTimer(
            static self => ((DeliveryDriver)self!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(new TimeSpan(Math.Max(0, time - _owner.Elapsed)), Timeout.InfiniteTimeSpan);
    }

    private void Wake() => Feed(DeliveryInput.Woke(_owner.Elapsed));
}
