using Pipeline.Kernel.Stages;

namespace Pipeline.Queries.Operators;

/// <summary>Hands the first operator's results to the second.</summary>
internal sealed class ChainLink(IOperator second, ChainNotes notes) : IOperatorOutput
{
    private long _offset;
    private long _acceptedTime;
    private int _partition;

    public void Begin(in StageRecord record) =>
        (_offset, _acceptedTime, _partition) = (record.Offset, record.AcceptedTime, record.Partition);

    public void Emit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time)
    {
        var record = new StageRecord
        {
            Offset = _offset,
            Time = time,
            AcceptedTime = _acceptedTime,
            Partition = _partition,
            Key = key,
            Value = value,
        };
        second.Process(record, notes);
    }

    public void EmitLate(in StageRecord record) => notes.EmitLate(record);

    public void Reject(in StageRecord record, string reason) => notes.Reject(record, reason);
}
