using System.Buffers;
using Pipeline.Kernel.Stages;

namespace Pipeline.Queries.Operators;

/// <summary>
/// One operator behind another. The first works event by event and has no state; whichever of them cannot process an
/// event or finds it late, it is the event that came in that is reported.
/// </summary>
internal sealed class ChainOperator : IOperator
{
    private readonly IOperator _first;
    private readonly IOperator _second;
    private readonly ChainNotes _notes = new();
    private readonly ChainLink _link;

    public ChainOperator(IOperator first, IOperator second)
    {
        _first = first;
        _second = second;
        _link = new ChainLink(second, _notes);
    }

    public long StateBytes => _second.StateBytes;

    public void Limit(long stateBytes) => _second.Limit(stateBytes);

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        _notes.Begin(output);
        _link.Begin(record);
        _first.Process(record, _link);
        if (_notes.Reason is not null)
        {
            output.Reject(record, _notes.Reason);
        }

        if (_notes.IsLate)
        {
            output.EmitLate(record);
        }
    }

    public void Advance(long watermark, IOperatorOutput output) => _second.Advance(watermark, output);

    public void Save(IBufferWriter<byte> to) => _second.Save(to);

    public void Load(ReadOnlySpan<byte> from) => _second.Load(from);
}
