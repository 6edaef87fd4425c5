using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages.Delivering;

/// <summary>One input of a <see cref="StageDelivery"/>; <see cref="Now"/> is a monotone clock in ticks.</summary>
public readonly record struct DeliveryInput
{
    public DeliveryInputKind Kind { get; private init; }

    public long Now { get; private init; }

    public int Outlet { get; private init; }

    public OutletReply Reply { get; private init; }

    /// <summary>The last origin that the target holds of this producer.</summary>
    public Origin Last { get; private init; }

    public CheckpointReply Checkpoint { get; private init; }

    public static DeliveryInput Opened(int outlet, Origin last) =>
        new() { Kind = DeliveryInputKind.Opened, Outlet = outlet, Last = last };

    public static DeliveryInput Made(long now) => new() { Kind = DeliveryInputKind.Made, Now = now };

    public static DeliveryInput Looked(long now) => new() { Kind = DeliveryInputKind.Looked, Now = now };

    public static DeliveryInput Woke(long now) => new() { Kind = DeliveryInputKind.Woke, Now = now };

    public static DeliveryInput Changed(long now) => new() { Kind = DeliveryInputKind.Changed, Now = now };

    public static DeliveryInput Flush(long now) => new() { Kind = DeliveryInputKind.Flush, Now = now };

    public static DeliveryInput Leave(long now) => new() { Kind = DeliveryInputKind.Leave, Now = now };

    public static DeliveryInput Answered(int outlet, OutletReply reply, Origin last, long now) => new()
    {
        Kind = DeliveryInputKind.Answered,
        Outlet = outlet,
        Reply = reply,
        Last = last,
        Now = now,
    };

    public static DeliveryInput Saved(CheckpointReply reply, long now) =>
        new() { Kind = DeliveryInputKind.Saved, Checkpoint = reply, Now = now };
}
