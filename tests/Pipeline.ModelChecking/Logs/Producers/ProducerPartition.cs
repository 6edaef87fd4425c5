using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Logs.Deduplicating;

namespace Pipeline.ModelChecking.Logs.Producers;

/// <summary>The shipped memory of one partition, and the numbers whose events it holds.</summary>
internal sealed class ProducerPartition
{
    public static readonly Hash128 Producer = new(3, 0);

    private readonly ProducerWorldOptions _options;
    private readonly Deduplication _memory;
    private readonly int[] _appended;
    private readonly int _frame;

    private ProducerPartition(ProducerWorldOptions options, Deduplication memory, int[] appended, int frame) =>
        (_options, _memory, _appended, _frame) = (options, memory, appended, frame);

    /// <summary>How often the part of each number was appended here.</summary>
    public IReadOnlyList<int> Appended => _appended;

    public static ProducerPartition New(ProducerWorldOptions options) =>
        new(options, new Deduplication(options.Log, options.Flaws), new int[options.Requests.Length], 0);

    public static PartHeader PartOf(int number, bool isHome, bool hasEvents) => new()
    {
        Kind = PartKind.Events,
        HandleKind = HandleKind.Producer,
        Handle = Producer,
        Body = new Hash128(4, (ulong)number),
        Sequence = number,
        Count = hasEvents ? 1 : 0,
        IsHome = isHome,
    };

    public LogReply Ask(int number) => _memory.Ask(PartOf(number, true, false)).Reply;

    /// <summary>The part's block is committed before anything else happens.</summary>
    public (ProducerPartition After, LogReply Reply) Append(PartHeader part)
    {
        var memory = _memory.Copy();
        var decision = memory.Admit(part, null, new LogOffset(_frame), _frame);
        memory.Commit(_frame + 1, memory.Window.Next);
        var appended = (int[])_appended.Clone();
        if (part.HandleKind == HandleKind.Producer && decision.Reply == LogReply.Appended)
        {
            appended[part.Sequence]++;
        }

        return (new ProducerPartition(_options, memory, appended, _frame + 1), decision.Reply);
    }

    /// <summary>A handle that was never here before.</summary>
    public ProducerPartition AppendOther() => Append(new PartHeader
    {
        Kind = PartKind.Events,
        HandleKind = HandleKind.Key,
        Handle = new Hash128(5, (ulong)_frame),
        Count = 1,
        IsHome = true,
    }).After;

    /// <summary>Rolls to a new segment, whose state frame the next owner reads.</summary>
    public ProducerPartition Rebuild()
    {
        var state = Save();
        var memory = new Deduplication(_options.Log, _options.Flaws);
        var reader = new ByteReader(state);
        memory.Load(ref reader);
        return new ProducerPartition(_options, memory, _appended, _frame);
    }

    public UInt128 Print() => LogSymmetry.Combine(
    [
        Exploration.Fingerprints.Of(Save()),
        (UInt128)_frame,
        .. _appended.Select(static count => (UInt128)count),
    ]);

    private byte[] Save()
    {
        var to = new ByteWriter();
        _memory.Save(to);
        return to.Written.ToArray();
    }
}
