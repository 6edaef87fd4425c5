using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>Worlds in which a stage is fused into the one before it, and gets an instance of its own again.</summary>
internal static class MoveWorlds
{
    private const long Between = 10;
    private const long Results = 11;

    private static readonly InstancePlan First = new(0, 0, "first", "first")
    {
        Nodes = [Node("first", -1, static () => new PassOperator()) with { Output = 0 }],
        Targets = [new StageTarget(Between, 1, false)],
    };

    private static readonly InstancePlan Second = new(1, 1, "second", "second")
    {
        Nodes = [Node("second", -1, static () => new NumberOperator()) with { Output = 0 }],
        Targets = [new StageTarget(Results, 1, false)],
        Upstreams = [InstancePlan.ProducerOf(0)],
    };

    private static readonly InstancePlan Both = new(0, 0, "both", "first", "second")
    {
        Nodes =
        [
            .. First.Nodes,
            Node("second", 0, static () => new NumberOperator()) with { Output = 1 },
        ],
        Targets = [new StageTarget(Between, 1, false), new StageTarget(Results, 1, false)],
    };

    private static readonly TextPlan Apart = new("apart", First, Second);
    private static readonly TextPlan Fused = new("fused", Both);
    private static readonly TextPlan Alone = new("alone", First);

    /// <summary>A stage with an instance of its own is fused.</summary>
    public static RedefinitionOptions Fusing { get; } = new()
    {
        Name = "a stage is fused",
        Texts = [Apart, Fused],
        Partitions = [["0", "1"], [], []],
        Streams = [(Between, 1, 1), (Results, 2, 1)],
        Changes = [1],
        Runners = [0, 1],
        Homes = new Dictionary<string, (int, int)> { ["second"] = (1, 1) },
        Expected = new Dictionary<long, string[]> { [Between] = ["0", "1"], [Results] = ["0/0", "1/1"] },
    };

    /// <summary>The same, resumed, while others take over.</summary>
    public static RedefinitionOptions FusingResumed { get; } = Fusing with
    {
        Name = "a stage is fused; resumed",
        Resumes = 1,
    };

    /// <summary>A fused stage gets an instance of its own.</summary>
    public static RedefinitionOptions Parting { get; } = Fusing with
    {
        Name = "a fused stage gets its own instance",
        Texts = [Fused, Apart],
        Runners = [0, 1],
        Resumes = 1,
    };

    /// <summary>The same by two changes at once.</summary>
    public static RedefinitionOptions PartingTwice { get; } = Parting with
    {
        Name = "a fused stage gets its own instance by two changes at once",
        Changes = [1, 1],
        Partitions = [["0"], [], []],
        Expected = new Dictionary<long, string[]> { [Between] = ["0"], [Results] = ["0/0"] },
        Runners = [0, 1],
        Resumes = 0,
    };

    /// <summary>Fused, and apart again.</summary>
    public static RedefinitionOptions ThereAndBack { get; } = Fusing with
    {
        Name = "a stage is fused, and gets its own instance again",
        Changes = [1, 0],
        IsSequential = true,
    };

    /// <summary>Fused, dropped, and back with an instance of its own.</summary>
    public static RedefinitionOptions Dropping { get; } = Fusing with
    {
        Name = "a stage is fused, dropped, and comes back",
        Texts = [Apart, Fused, Alone],
        Changes = [1, 2, 0],
        IsSequential = true,
        Runners = [0, 1],
        IsExact = false,
    };

    private static StageNode Node(string name, int parent, Func<IOperator> create) => new()
    {
        Name = name,
        Fingerprint = Hash128.Of(Encoding.UTF8.GetBytes(name)),
        Parent = parent,
        CreateOperator = create,
    };
}
