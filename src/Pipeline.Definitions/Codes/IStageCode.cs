using Pipeline.Kernel.Stages;

namespace Pipeline.Definitions.Codes;

/// <summary>
/// A stage written in C#. Must be deterministic: the same events in the same order give the same outputs, with no look
/// at clocks, files or the network; all it remembers is the key's state. One object serves one partition, one event at
/// a time. Has a constructor without parameters, or one that takes <c>IReadOnlyDictionary&lt;string, string&gt;</c>
/// (what <c>with:</c> says). An exception makes the event a dead letter; nothing of what it did remains.
/// </summary>
public interface IStageCode
{
    /// <summary>Handles one event: emits outputs, reads and changes the state of the event's key.</summary>
    void Process(in StageRecord record, StageCodeContext context);
}
