using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;

namespace Pipeline.Kernel.Tests.Stages;

/// <summary>
/// Stage instances for tests: target 0 takes outputs (three partitions), 1 dead letters, 2 late events.
/// </summary>
internal static class Layouts
{
    public static readonly Hash128 Self = Hash128.Of("self"u8);

    public static StageLayout Echo() => Of(Node("echo", -1, () => new EchoOperator()) with { Output = 0 });

    public static StageLayout Count() => Of(
        Node("count", -1, () => new CountOperator()) with { Output = 0, Late = 2, NeedsWatermark = true })
        with
    { Timestamp = new NumberTimestamp(), MaxAhead = 1_000_000 };

    public static StageLayout Of(params StageNode[] nodes) => new()
    {
        Producer = Self,
        Generation = 1,
        InputStream = "in",
        Partition = 0,
        Nodes = nodes,
        Targets = [new StageTarget(10, 3, true), new StageTarget(11, 1, false), new StageTarget(12, 1, false)],
        DeadLetters = 1,
        PartBytes = 200,
    };

    public static StageNode Node(string name, int parent, Func<IOperator> create) => new()
    {
        Name = name,
        Fingerprint = Hash128.Of(Encoding.UTF8.GetBytes(name)),
        Parent = parent,
        CreateOperator = create,
    };
}
