using System.Buffers;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Aggregates;

namespace Pipeline.Queries.Operators;

/// <summary>
/// One operator behind another; whichever of them cannot process an event or finds it late, it is the event that came
/// in that is reported. Where the first has no state, the state is that of the second alone.
/// </summary>
internal sealed class ChainOperator : IOperator
{
    private const byte Version = 1;

    private readonly IOperator _first;
    private readonly IOperator _second;
    private readonly bool _hasState;
    private readonly ChainNotes _notes = new();
    private readonly ChainLink _link;

    public ChainOperator(IOperator first, IOperator second, bool hasState)
    {
        _first = first;
        _second = second;
        _hasState = hasState;
        _link = new ChainLink(second, _notes);
    }

    public long StateBytes => _first.StateBytes + _second.StateBytes;

    public void Limit(long stateBytes)
    {
        _first.Limit(stateBytes);
        _second.Limit(stateBytes);
    }

    public void Process(in StageRecord record, IOperatorOutput output)
    {
        _notes.Begin(output);
        _link.Begin(record);
        _first.Process(record, _link);
        _notes.Tell(record, output);
    }

    public void Advance(long watermark, IOperatorOutput output)
    {
        if (_hasState)
        {
            _link.Begin(output);
            _first.Advance(watermark, _link);
        }

        _second.Advance(watermark, output);
    }

    public void Save(IBufferWriter<byte> to)
    {
        if (_hasState)
        {
            var saved = new ArrayBufferWriter<byte>();
            _first.Save(saved);
            var writer = new StateWriter(to);
            writer.Write(Version);
            writer.Write(saved.WrittenSpan);
        }

        _second.Save(to);
    }

    public void Load(ReadOnlySpan<byte> from)
    {
        if (_hasState)
        {
            var reader = new StateReader(from);
            _first.Load(reader.ReadByte() == Version ? reader.ReadBytes() : throw StateReader.Invalid());
            from = reader.Rest;
        }

        _second.Load(from);
    }
}
