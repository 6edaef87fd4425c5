using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Stages;

/// <summary>Numbers the outputs of a stage instance and puts each into the outlet of its target partition.</summary>
internal sealed class StageEmitter
{
    private const int LongestReason = 2000;

    private readonly StageLayout _layout;
    private readonly StageOutlet[][] _outlets;
    private readonly DeadLetterJson _letter = new();

    public StageEmitter(StageLayout layout, OutputBuffers buffers)
    {
        _layout = layout;
        _outlets = [.. layout.Targets.Select((target, t) => Enumerable.Range(0, target.Partitions)
            .Select(partition => new StageOutlet(layout, buffers, t, partition)).ToArray())];
        Outlets = [.. _outlets.SelectMany(outlets => outlets)];
    }

    public IReadOnlyList<StageOutlet> Outlets { get; }

    /// <summary>The last input event; its outputs and those of the control parts after it carry this offset.</summary>
    public long Offset { get; private set; } = -1;

    /// <summary>The next output's number among this offset's; before the first event (-1, 0) means "none".</summary>
    public int Ordinal { get; private set; } = 1;

    /// <summary>No output made so far has a later origin.</summary>
    public Origin Latest => new(Offset, Ordinal - 1);

    public long AcceptedTime { get; set; }

    /// <summary>Goes with the outputs that are made now.</summary>
    public TraceContext Trace { get; set; }

    public long Written { get; private set; }

    /// <summary>Bytes of keys and values written since the step began.</summary>
    public long StepBytes { get; set; }

    public long DeadLetters { get; private set; }

    public long Late { get; private set; }

    /// <summary>Why the instance must stop; null while it may go on.</summary>
    public string? Failure { get; set; }

    public int Partition => _layout.Partition;

    public void Load(long offset, int ordinal)
    {
        Offset = offset;
        Ordinal = ordinal;
    }

    public void Begin(long offset, long acceptedTime)
    {
        Offset = offset;
        Ordinal = 0;
        AcceptedTime = acceptedTime;
    }

    public void Write(int target, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time)
    {
        var to = _layout.Targets[target];
        var partition = key.IsEmpty && !to.IsKeyed
            ? _layout.Partition % to.Partitions
            : KeySlot.Of(key, to.Hash).Partition(to.Partitions);
        var origin = new Origin(Offset, Ordinal++);
        Written++;
        StepBytes += key.Length + value.Length;
        if (!_outlets[target][partition].TryAdd(origin, key, value, time, Trace))
        {
            Failure ??= $"stage not deterministic: output ({origin.Offset}, {origin.Ordinal}) follows one that "
                + $"partition {partition} of stream {to.Stream} holds but that was not made again";
        }
    }

    public void WriteLate(int target, in StageRecord record)
    {
        Late++;
        Write(target, record.Key, record.Value, record.Time);
    }

    /// <summary>An operator threw, or its state has grown too large: nothing is processed any more.</summary>
    public void Fail(StageNode node, Exception error) => Failure ??= $"stage {node.Name} failed at event {Offset} of "
        + $"{_layout.InputStream}/{_layout.Partition}: "
        + (error is StateLimitException ? error.Message : $"{error.GetType().Name}: {error.Message}");

    public void Reject(StageNode? node, in StageRecord record, string reason)
    {
        var stage = node?.Name ?? _layout.Nodes[0].Name;
        if (node is { StopsOnError: true })
        {
            Failure ??= $"event {record.Offset} of {_layout.InputStream}/{record.Partition} stops stage {stage}: "
                + reason;
            return;
        }

        if (reason.Length > LongestReason)
        {
            var end = char.IsHighSurrogate(reason[LongestReason - 1]) ? LongestReason - 1 : LongestReason;
            reason = reason[..end] + "…";
        }

        DeadLetters++;
        var letter = _letter.Write(stage, _layout.InputStream, record, reason);
        Write(_layout.DeadLetters, default, letter, record.AcceptedTime);
    }
}
