using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Kernel.Stages.Delivering;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;

namespace Pipeline.Processing.Stages;

/// <summary>Saves a stage machine's state and writes it, when it is told to.</summary>
internal sealed class CheckpointWriter
{
    private readonly StageInstance _owner;
    private readonly CheckpointRegister _register;
    private readonly StageMachine _machine;
    private readonly Action<CheckpointReply> _answer;
    private readonly Func<Task> _write;
    private readonly Action<Exception> _onFault;
    private ReadOnlyMemory<byte> _snapshot;
    private long _cursor;

    public CheckpointWriter(
        StageInstance owner, CheckpointRegister register, StageMachine machine, Action<CheckpointReply> answer)
    {
        (_owner, _register, _machine, _answer) = (owner, register, machine, answer);
        _write = WriteAsync;
        _onFault = error => _owner.Fault("writing a checkpoint", error);
    }

    /// <summary>The state as it is now.</summary>
    public void Take()
    {
        var snapshot = new ArrayBufferWriter<byte>();
        _machine.Save(snapshot);
        (_snapshot, _cursor) = (snapshot.WrittenMemory, _machine.Cursor.Offset);
    }

    /// <summary>Writes what was taken last.</summary>
    public void Write() => LoopTasks.Start(_write, _onFault);

    /// <summary>What was written last is durable.</summary>
    public void Confirm() => _owner.Checkpointed(_cursor);

    private async Task WriteAsync()
    {
        var snapshot = _snapshot;
        _snapshot = default;
        _answer(await _register.WriteAsync(_cursor, _owner.Now, snapshot, _owner.Ended));
    }
}
