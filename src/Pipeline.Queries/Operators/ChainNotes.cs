using Pipeline.Kernel.Stages;

namespace Pipeline.Queries.Operators;

/// <summary>Passes results on, and notes what became of an event that gave none.</summary>
internal sealed class ChainNotes : IOperatorOutput
{
    private IOperatorOutput? _output;

    public bool IsLate { get; private set; }

    public string? Reason { get; private set; }

    public void Begin(IOperatorOutput output)
    {
        _output = output;
        IsLate = false;
        Reason = null;
    }

    /// <summary>Says what was noted of a record.</summary>
    public void Tell(in StageRecord record, IOperatorOutput output)
    {
        if (Reason is not null)
        {
            output.Reject(record, Reason);
        }

        if (IsLate)
        {
            output.EmitLate(record);
        }
    }

    public void Emit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time) => _output!.Emit(key, value, time);

    public void EmitLate(in StageRecord record) => IsLate = true;

    public void Reject(in StageRecord record, string reason) => Reason ??= reason;
}
