namespace Pipeline.Replication.Loops;

/// <summary>
/// One thread of control. A driver lives on one loop: all its code runs there, one piece at a time, in the order
/// posted. While a piece runs, <see cref="SynchronizationContext.Current"/> is the loop's, so what a driver awaits
/// comes back to its loop. Production runs loops on threads; the simulator runs all of them on one, in virtual time.
/// </summary>
public interface ILoop
{
    /// <summary>The only clock and timer a driver may use.</summary>
    TimeProvider Time { get; }

    /// <summary>Is told what nobody expected; one for all loops of a host.</summary>
    Supervisor Supervisor { get; }

    /// <summary>Whether the caller runs on this loop.</summary>
    bool IsCurrent { get; }

    /// <summary>Queues a piece of work; may be called from any thread.</summary>
    void Post(Action<object?> work, object? state);
}
