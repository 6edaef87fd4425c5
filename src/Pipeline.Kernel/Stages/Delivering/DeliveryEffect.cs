using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>One effect; which fields mean something is said by <see cref="DeliveryEffectKind"/>.</summary>
public readonly record struct DeliveryEffect(DeliveryEffectKind Kind, int Outlet = -1)
{
    public OutputPart? Part { get; init; }

    /// <summary>Say: ticks UTC. WakeAt: as the inputs' clock.</summary>
    public long Time { get; init; }

    public Origin Last { get; init; }
}
