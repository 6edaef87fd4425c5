using Pipeline.Kernel.Stages;

namespace Pipeline.Queries.Operators;

/// <summary>
/// Hands the first operator's results to the second. Where they come of an event, what becomes of it is noted for all
/// of them; where they come of the watermark, what is wrong with one is said of it alone.
/// </summary>
internal sealed class ChainLink(IOperator second, ChainNotes notes) : IOperatorOutput
{
    private IOperatorOutput? _output;
    private long _offset;
    private long _acceptedTime;
    private int _partition;

    /// <summary>Results of an event follow.</summary>
    public void Begin(in StageRecord record)
    {
        (_offset, _acceptedTime, _partition) = (record.Offset, record.AcceptedTime, record.Partition);
        _output = null;
    }

    /// <summary>Results of the watermark follow.</summary>
    public void Begin(IOperatorOutput output)
    {
        (_offset, _partition) = (-1, -1);
        _output = output;
    }

    public void Emit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time)
    {
        var record = new StageRecord
        {
            Offset = _offset,
            Time = time,
            AcceptedTime = _output is null ? _acceptedTime : time,
            Partition = _partition,
            Key = key,
            Value = value,
        };
        if (_output is null)
        {
            second.Process(record, notes);
            return;
        }

        notes.Begin(_output);
        second.Process(record, notes);
        notes.Tell(record, _output);
    }

    public void EmitLate(in StageRecord record) => notes.EmitLate(record);

    public void Reject(in StageRecord record, string reason) => notes.Reject(record, reason);
}
