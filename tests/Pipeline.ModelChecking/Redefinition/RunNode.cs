using System.Buffers;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>
/// Where a shipped machine stands after some blocks, and all parts it made until there. Made once: a machine's way is a
/// function of what it was loaded with, of what its targets answered and of the blocks it was given.
/// </summary>
internal sealed class RunNode
{
    private readonly RunStart _start;
    private readonly RunNode? _before;
    private readonly WorldBlock? _block;
    private readonly Dictionary<(UInt128, int), RunNode> _after = [];
    private readonly int _number;

    private RunNode(RunStart start, RunNode? before, WorldBlock? block, int number)
    {
        (_start, _before, _block, _number) = (start, before, block, number);
        var writer = new ByteWriter();
        writer.UInt128(before?.Print ?? start.Print);
        writer.UInt128(block?.Print ?? 0);
        writer.Int32(number);
        Print = Fingerprints.Of(writer.Written);
        var machine = Replay(out var parts);
        (Parts, Cursor, Failure) = (parts, machine.Cursor, machine.Failure);
        Last = [.. machine.Outlets.Select(static outlet => outlet.Last)];
        Watermarks = [.. machine.Outlets.Select(outlet => machine.OutputWatermark(outlet.Target))];
        if (Failure is null)
        {
            var snapshot = new ArrayBufferWriter<byte>();
            machine.Save(snapshot);
            Snapshot = snapshot.WrittenMemory.ToArray();
            Position = PositionOf(StageSnapshotCodec.Read(Snapshot));
        }
    }

    public UInt128 Print { get; }

    public StageCursor Cursor { get; }

    public byte[] Snapshot { get; } = [];

    public string? Failure { get; }

    /// <summary>No output made until here has a later origin.</summary>
    public Origin Position { get; }

    /// <summary>For each outlet what the target held when it was opened.</summary>
    public Origin[] Held => _start.Held;

    /// <summary>For each outlet the last origin made.</summary>
    public Origin[] Last { get; }

    /// <summary>For each outlet the event time before which it gets no more.</summary>
    public long[] Watermarks { get; }

    /// <summary>For each outlet what it made since the activation: a part a block.</summary>
    public IReadOnlyList<OutputPart>[] Parts { get; }

    public static RunNode Begin(RunStart start) => new(start, null, null, -1);

    public static Origin PositionOf(StageSnapshot snapshot) => new(snapshot.LastOffset, snapshot.Ordinal - 1);

    /// <summary>The next block of an input; -1: there is none yet.</summary>
    public int NextOf(WorldPartition input)
    {
        var next = Cursor.HasBlock
            ? Cursor.Block + 1
            : Array.FindIndex(input.Blocks, block => block.First + block.Count > Cursor.Offset);
        return next < input.Blocks.Length ? next : -1;
    }

    public RunNode After(WorldBlock block, int number)
    {
        if (!_after.TryGetValue((block.Print, number), out var after))
        {
            _after.Add((block.Print, number), after = new RunNode(_start, this, block, number));
        }

        return after;
    }

    private StageMachine Replay(out List<OutputPart>[] parts)
    {
        StageMachine machine;
        if (_before is null)
        {
            machine = _start.MakeMachine();
            parts = [.. machine.Outlets.Select(static _ => new List<OutputPart>())];
        }
        else
        {
            machine = _before.Replay(out parts);
            machine.TryStep(new StageInput
            {
                Segment = 0,
                Block = _number,
                First = _block!.First,
                Payload = _block.Payload,
            });
        }

        for (var outlet = 0; outlet < parts.Length; outlet++)
        {
            while (machine.Outlets[outlet].Take() is { } part)
            {
                parts[outlet].Add(part);
            }
        }

        return machine;
    }
}
