using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Logs.Deduplicating;
using Pipeline.Kernel.Stages;
using Pipeline.Kernel.Stages.Delivering;
using Pipeline.ModelChecking.Exploration;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>
/// A partition's log as its users see it: committed blocks, and the shipped rules about what platform producers may
/// append. What is appended is committed: the log has searches of its own. Never changes: an append makes another one.
/// </summary>
internal sealed class WorldPartition
{
    private readonly Deduplication _rules;

    public WorldPartition(params string[] events)
    {
        _rules = new Deduplication(new LogOptions { WindowHandles = 16 });
        var blocks = new List<WorldBlock>();
        foreach (var text in events)
        {
            blocks.Add(WorldBlock.Of(blocks.Count == 0 ? 0 : blocks[^1].First + blocks[^1].Count, text));
        }

        Blocks = [.. blocks];
        Print = MakePrint();
    }

    private WorldPartition(WorldBlock[] blocks, Deduplication rules)
    {
        (Blocks, _rules) = (blocks, rules);
        Print = MakePrint();
    }

    public WorldBlock[] Blocks { get; }

    public UInt128 Print { get; }

    public long End => Blocks.Length == 0 ? 0 : Blocks[^1].First + Blocks[^1].Count;

    /// <summary>What a stage is shown of an answer.</summary>
    public static OutletReply Shown(LogReply reply) => reply switch
    {
        LogReply.Appended or LogReply.Duplicate => OutletReply.Held,
        LogReply.ProducerFenced => OutletReply.Fenced,
        LogReply.ProducerMismatch => OutletReply.Mismatch,
        _ => OutletReply.Unknown,
    };

    /// <summary>What the partition holds of a producer, asked without a term.</summary>
    public Origin Peek(Hash128 producer) => Open(producer, long.MaxValue).Reply.Last;

    /// <summary>Opens a producer: its generation is logged, lower ones are fenced.</summary>
    public (WorldPartition After, Decision Reply) Open(Hash128 producer, long generation) => Append(
        new PartHeader
        {
            Kind = PartKind.Events,
            HandleKind = HandleKind.Platform,
            Handle = producer,
            Sequence = generation,
            Previous = Origin.None,
            Last = Origin.None,
        },
        null);

    public (WorldPartition After, Decision Reply) Append(OutputPart part) => Append(part.Header, part);

    private (WorldPartition After, Decision Reply) Append(in PartHeader header, OutputPart? part)
    {
        var rules = _rules.Copy();
        var reply = rules.Admit(header, null, new LogOffset(End), 0);
        if (!reply.IsWritten)
        {
            return (this, reply);
        }

        rules.Commit(1, 0);
        return (new WorldPartition(part is null ? Blocks : [.. Blocks, WorldBlock.Of(End, part)], rules), reply);
    }

    private UInt128 MakePrint()
    {
        var writer = new ByteWriter();
        foreach (var block in Blocks)
        {
            writer.UInt128(block.Print);
        }

        _rules.Save(writer);
        return Fingerprints.Of(writer.Written);
    }
}
