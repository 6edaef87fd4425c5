using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>The worlds that are searched, each stated by its bounds.</summary>
internal static class RedefinitionWorlds
{
    private const long Results = 1;
    private const long Others = 2;

    private static readonly StageTarget Keyed = new(Results, 2, true);
    private static readonly StageTarget Single = new(Others, 1, false);

    /// <summary>A change of the key, while another process takes over and an old one wakes up.</summary>
    public static RedefinitionOptions Rekeyed { get; } = new()
    {
        Name = "another key",
        Texts = [new TextPlan("A", Route(0, "A", 1)), new TextPlan("B", Route(0, "B", 2))],
        Partitions = [["001", "110"], [], []],
        Streams = [(Results, 1, 2)],
        Changes = [1],
        Runners = [0, 0],
        Resumes = 1,
        Expected = new Dictionary<long, string[]> { [Results] = ["0", "1"] },
    };

    /// <summary>A running instance is cut where it runs, or from its checkpoint.</summary>
    public static RedefinitionOptions InPlace { get; } = Rekeyed with
    {
        Name = "another key, cut in place",
        CutsInPlace = true,
        Resumes = 0,
        Repeats = 1,
    };

    /// <summary>A cut from the checkpoint is tried again under its term while the first attempt goes on.</summary>
    public static RedefinitionOptions Repeated { get; } = Rekeyed with
    {
        Name = "another key, the cut from the checkpoint repeated",
        Runners = [0, 0],
        Resumes = 0,
        Repeats = 1,
    };

    /// <summary>Two changes of the key at once.</summary>
    public static RedefinitionOptions TwoChanges { get; } = Rekeyed with
    {
        Name = "two changes at once",
        Texts = [Rekeyed.Texts[0], Rekeyed.Texts[1], new TextPlan("C", Route(0, "C", 1))],
        Changes = [1, 2],
        Runners = [0, 0],
        Partitions = [["001"], [], []],
        Expected = Results1("0"),
        Resumes = 0,
    };

    /// <summary>The same, and the old text is resumed.</summary>
    public static RedefinitionOptions TwoChangesResumed { get; } = TwoChanges with
    {
        Name = "two changes at once, resumed",
        Resumes = 1,
    };

    /// <summary>A process that takes over, and another one; the old text is resumed.</summary>
    public static RedefinitionOptions ThreeProcesses { get; } = Rekeyed with
    {
        Name = "another key, three processes",
        Partitions = [["001"], [], []],
        Expected = Results1("0"),
        Runners = [0, 0, 0],
    };

    /// <summary>Ordinals: events with two outputs, and outputs of a watermark after the last event.</summary>
    public static RedefinitionOptions Ordinals { get; } = Rekeyed with
    {
        Name = "another key, outputs of a watermark",
        Texts =
        [
            new TextPlan("A", Route(0, "A", 1, hasTwin: true)), new TextPlan("B", Route(0, "B", 2, hasTwin: true)),
        ],
        Partitions = [["001", "w1000"], [], []],
        Runners = [0, 0],
        Resumes = 0,
        Expected = Results1("0", "0'", "all 0"),
    };

    /// <summary>The same with one event more.</summary>
    public static RedefinitionOptions LongOrdinals { get; } = Ordinals with
    {
        Name = "another key, outputs of a watermark after two events",
        Partitions = [["001", "110", "w1000"], [], []],
        Expected = Results1("0", "0'", "1", "1'", "all 01"),
    };

    /// <summary>There and back: one text has an output more.</summary>
    public static RedefinitionOptions ThereAndBack { get; } = Rekeyed with
    {
        Name = "an output more, and back, and again",
        Texts = [Rekeyed.Texts[0], new TextPlan("B", WithCopy("B"))],
        Partitions = [["001"], [], [], []],
        Expected = Results1("0"),
        Streams = [(Results, 1, 2), (Others, 3, 1)],
        Changes = [1, 0, 1],
        IsSequential = true,
        Runners = [0, 0],
        Resumes = 0,
        Optional = (Others, Results, "B"),
    };

    /// <summary>The same with one event more.</summary>
    public static RedefinitionOptions LongThereAndBack { get; } = ThereAndBack with
    {
        Name = "an output more, and back, and again; two events",
        Partitions = [["001", "110"], [], [], []],
        Expected = Results1("0", "1"),
    };

    /// <summary>Two instances of a stage, each with a partition of its own.</summary>
    public static RedefinitionOptions TwoInstances { get; } = Rekeyed with
    {
        Name = "two instances",
        Texts =
        [
            new TextPlan("A", Route(0, "A", 1), Route(1, "A", 1)),
            new TextPlan("B", Route(0, "B", 2), Route(1, "B", 2)),
        ],
        Partitions = [["001"], ["101"], [], []],
        Streams = [(Results, 2, 2)],
        Runners = [0, 1],
        Resumes = 1,
    };

    private static Dictionary<long, string[]> Results1(params string[] expected) => new() { [Results] = expected };

    /// <summary>Beside its outputs a copy of them.</summary>
    private static InstancePlan WithCopy(string tag)
    {
        var plan = Route(0, tag, 2);
        return plan with
        {
            Nodes = [.. plan.Nodes, Node("copy", 0, () => new PassOperator()) with { Output = 1 }],
            Targets = [Keyed, Single],
        };
    }

    private static InstancePlan Route(int register, string tag, int key, bool hasTwin = false) =>
        new(register, register, tag, $"route {register}")
        {
            Nodes =
            [
                Node("route", -1, () => new RouteOperator(tag, key, hasTwin)) with
                {
                    Output = 0,
                    NeedsWatermark = true,
                },
            ],
            Targets = [Keyed],
        };

    private static StageNode Node(string name, int parent, Func<IOperator> create) => new()
    {
        Name = name,
        Fingerprint = Hash128.Of(Encoding.UTF8.GetBytes(name)),
        Parent = parent,
        CreateOperator = create,
    };
}
