using Pipeline.Kernel.Stages;
using Pipeline.Queries.Compilation;

namespace Pipeline.Benchmarks.Engine;

/// <summary>What brings events to a join: every other one to its left side.</summary>
internal sealed class JoinSource(IOperator[] sides, IOperator join, CountingOutput output) : IOperatorOutput
{
    private long _offset;

    /// <summary>Null: the query has no join.</summary>
    public static JoinSource? Of(CompiledQuery query, IOperator join, CountingOutput output) =>
        query.JoinSides.Count == 0
            ? null
            : new JoinSource([.. query.JoinSides.Select(static side => side.CreateOperator())], join, output);

    public void Process(in StageRecord record)
    {
        _offset = record.Offset;
        sides[record.Offset & 1].Process(record, this);
    }

    public void Emit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time) => join.Process(
        new StageRecord { Offset = _offset, Time = time, Key = key, Value = value }, output);

    public void EmitLate(in StageRecord record) => output.EmitLate(record);

    public void Reject(in StageRecord record, string reason) => output.Reject(record, reason);
}
