namespace Pipeline.Kernel.Stages;

/// <summary>Finds an event's time.</summary>
public interface ITimestamp
{
    /// <summary>Ticks UTC; false where the event has no readable one (it becomes a dead letter).</summary>
    bool TryRead(in StageRecord record, out long ticks);
}
