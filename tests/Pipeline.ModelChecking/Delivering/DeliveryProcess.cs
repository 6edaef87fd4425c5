using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Kernel.Stages.Delivering;
using Pipeline.ModelChecking.Redefinition;

namespace Pipeline.ModelChecking.Delivering;

/// <summary>
/// A process that runs the instance: where the shipped machine stands, the shipped delivery, and what that asked for
/// and has no answer to yet.
/// </summary>
internal sealed class DeliveryProcess : IStageOutputs
{
    private readonly StageDelivery _delivery;
    private readonly List<DeliveryEffect> _effects = [];
    private readonly int[] _taken;

    public DeliveryProcess(RunNode node, Epoch epoch, long term, DeliveryWorldOptions options)
    {
        (Node, Epoch, Term) = (node, epoch, term);
        _taken = new int[options.Outlets];
        Asked = new (DeliveryEffect, RunNode)?[options.Outlets];
        _delivery = new StageDelivery([.. Enumerable.Repeat(true, options.Outlets)], options.Times, options.Flaws);
        for (var outlet = 0; outlet < options.Outlets; outlet++)
        {
            Step(DeliveryInput.Opened(outlet, node.Held[outlet]));
        }
    }

    private DeliveryProcess(DeliveryProcess other)
    {
        _delivery = other._delivery.Clone();
        _taken = [.. other._taken];
        Asked = [.. other.Asked];
        (Node, Epoch, Term, Number) = (other.Node, other.Epoch, other.Term, other.Number);
        (Now, Wake) = (other.Now, other.Wake);
        (Snapshot, IsWriting, HasEnded, Failure) = (other.Snapshot, other.IsWriting, other.HasEnded, other.Failure);
    }

    public RunNode Node { get; private set; }

    public Epoch Epoch { get; }

    public long Term { get; }

    /// <summary>Of the checkpoint that was written last.</summary>
    public long Number { get; private set; }

    public long Now { get; private set; }

    /// <summary>When it wants to be woken; long.MaxValue: never.</summary>
    public long Wake { get; private set; } = long.MaxValue;

    /// <summary>For each outlet what is under way there, and where the machine stood.</summary>
    public (DeliveryEffect Effect, RunNode Node)?[] Asked { get; }

    /// <summary>The state that was saved last.</summary>
    public RunNode? Snapshot { get; private set; }

    /// <summary>The checkpoint is under way.</summary>
    public bool IsWriting { get; private set; }

    public bool HasEnded { get; private set; }

    public string? Failure { get; private set; }

    public bool IsWithinBlock => false;

    /// <summary>Nothing happens any more without input.</summary>
    public bool IsQuiet => !HasEnded && Wake == long.MaxValue && !IsWriting
        && Array.TrueForAll(Asked, static asked => asked is null);

    public DeliveryProcess Clone() => new(this);

    public Origin LastOf(int outlet) => Node.Last[outlet];

    public OutputPart? Take(int outlet) =>
        _taken[outlet] < Node.Parts[outlet].Count ? Node.Parts[outlet][_taken[outlet]++] : null;

    public long WatermarkOf(int outlet) => Node.Watermarks[outlet];

    public bool IsAwaited(int outlet) => true;

    public void Read(RunNode after)
    {
        Node = after;
        Failure ??= after.Failure;
        Step(DeliveryInput.Made(Now));
    }

    public void Look() => Step(DeliveryInput.Looked(Now));

    /// <summary>Time goes on until it wants to be woken.</summary>
    public void WakeUp()
    {
        (Now, Wake) = (Math.Max(Now, Wake), long.MaxValue);
        Step(DeliveryInput.Woke(Now));
    }

    public void Answer(int outlet, OutletReply reply, Origin held)
    {
        Asked[outlet] = null;
        Step(DeliveryInput.Answered(outlet, reply, held, Now));
    }

    public void Answer(CheckpointReply reply)
    {
        IsWriting = false;
        Step(DeliveryInput.Saved(reply, Now));
    }

    /// <summary>Against what the register holds.</summary>
    public void Encode(ByteWriter to, StageCheckpoint register)
    {
        if (HasEnded)
        {
            to.Byte(1);
            return;
        }

        to.UInt128(Node.Print);
        to.Int64(Epoch.Value);
        to.Int64(register.Epoch == Epoch ? Number - register.Number : 0);
        to.UInt128(Snapshot?.Print ?? 0);
        to.Byte(IsWriting ? (byte)1 : (byte)0);
        foreach (var taken in _taken)
        {
            to.Int32(taken);
        }

        foreach (var asked in Asked)
        {
            to.UInt128(asked is { Effect.Kind: DeliveryEffectKind.Say } said ? said.Node.Print : 0);
        }

        _delivery.Encode(to, Now);
    }

    private void Step(in DeliveryInput input)
    {
        _delivery.Step(input, this, _effects);
        foreach (var effect in _effects)
        {
            Carry(effect);
        }

        _effects.Clear();
    }

    private void Carry(in DeliveryEffect effect)
    {
        switch (effect.Kind)
        {
            case DeliveryEffectKind.Send or DeliveryEffectKind.SendAgain or DeliveryEffectKind.Say:
                Asked[effect.Outlet] = (effect, Node);
                break;
            case DeliveryEffectKind.TakeSnapshot:
                Snapshot = Node;
                break;
            case DeliveryEffectKind.WriteCheckpoint:
                (IsWriting, Number) = (true, Number + 1);
                break;
            case DeliveryEffectKind.NotWritten or DeliveryEffectKind.CheckpointOver:
                Snapshot = null;
                break;
            case DeliveryEffectKind.WakeAt:
                Wake = effect.Time;
                break;
            case DeliveryEffectKind.Fence or DeliveryEffectKind.Overtaken:
                HasEnded = true;
                break;
            case DeliveryEffectKind.NotMadeAgain or DeliveryEffectKind.Diverged:
                Failure ??= $"an instance fails: {effect.Kind}";
                break;
        }
    }
}
