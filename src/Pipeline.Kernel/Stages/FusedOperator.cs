using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Stages;

/// <summary>One operator at work in a stage instance: hands what it makes to its children and to its target.</summary>
internal sealed class FusedOperator : IOperatorOutput
{
    private readonly StageEmitter _emitter;
    private readonly List<FusedOperator> _children = [];
    private string? _refusal;

    public FusedOperator(StageNode node, FusedOperator? parent, StageEmitter emitter, long maxStateBytes)
    {
        Node = node;
        Operator = node.CreateOperator();
        Operator.Limit(maxStateBytes);
        _emitter = emitter;
        InputLateness = parent is null ? 0 : parent.OutputLateness;
        parent?._children.Add(this);
    }

    public StageNode Node { get; }

    public IOperator Operator { get; }

    /// <summary>How far this operator's inputs may lie behind the instance's watermark, in ticks.</summary>
    public long InputLateness { get; }

    public long OutputLateness => InputLateness + Node.Lateness;

    /// <summary>Whatever the operator throws fails the instance.</summary>
    public void Process(in StageRecord record)
    {
        _refusal = null;
        try
        {
            Operator.Process(record, this);
        }
        catch (Exception error)
        {
            _emitter.Fail(Node, error);
            return;
        }

        if (_refusal is not null)
        {
            _emitter.Reject(Node, record, _refusal);
        }
    }

    public void Advance(long watermark)
    {
        if (!Node.NeedsWatermark)
        {
            return;
        }

        _refusal = null;
        try
        {
            Operator.Advance(Behind(watermark, InputLateness), this);
        }
        catch (Exception error)
        {
            _emitter.Fail(Node, error);
        }

        if (_refusal is not null)
        {
            _emitter.Reject(Node, Record(default, default, watermark), _refusal);
        }
    }

    public void Emit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time)
    {
        if (_emitter.Failure is not null || !Fits(key, value))
        {
            return;
        }

        if (_children.Count > 0)
        {
            var record = Record(key, value, time);
            foreach (var child in _children)
            {
                child.Process(record);
            }
        }

        if (Node.Output >= 0 && _emitter.Failure is null)
        {
            _emitter.Write(Node.Output, key, value, time);
        }
    }

    public void EmitLate(in StageRecord record)
    {
        if (Node.Late >= 0)
        {
            _emitter.WriteLate(Node.Late, record);
        }
    }

    public void Reject(in StageRecord record, string reason) => _emitter.Reject(Node, record, reason);

    /// <summary>The watermark less a lateness; "nothing known" stays that.</summary>
    public static long Behind(long watermark, long lateness) =>
        watermark < long.MinValue + lateness ? long.MinValue : watermark - lateness;

    private bool Fits(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.Length > RecordCodec.MaxKeyLength)
        {
            _refusal ??= $"the output's key has {key.Length} bytes, more than {RecordCodec.MaxKeyLength}";
            return false;
        }

        if (value.Length > Node.MaxOutputBytes)
        {
            _refusal ??= $"the result has {value.Length} bytes, more than {Node.MaxOutputBytes} (maxEvent)";
            return false;
        }

        return true;
    }

    private StageRecord Record(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time)
    {
        return new StageRecord
        {
            Offset = _emitter.Offset,
            Time = time,
            AcceptedTime = _emitter.AcceptedTime,
            Partition = _emitter.Partition,
            Key = key,
            Value = value,
        };
    }
}
