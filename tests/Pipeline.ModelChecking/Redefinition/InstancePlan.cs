using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;

namespace Pipeline.ModelChecking.Redefinition;

/// <summary>One stage instance of a text: what it reads, computes and writes.</summary>
/// <param name="Register">Its checkpoint's register: the same in every text in which its first stage comes
/// first.</param>
/// <param name="Input">The partition it reads.</param>
/// <param name="Name">Names what it does, for people.</param>
/// <param name="Stages">The names of its fused stages, the first one first.</param>
internal sealed record InstancePlan(int Register, int Input, string Name, params string[] Stages)
{
    public required IReadOnlyList<StageNode> Nodes { get; init; }

    /// <summary>For each target its stream's number.</summary>
    public required IReadOnlyList<StageTarget> Targets { get; init; }

    /// <summary>On an exchange: the registers of those that write the input.</summary>
    public IReadOnlyList<Hash128>? Upstreams { get; init; }

    public Hash128 Producer => ProducerOf(Register);

    public static Hash128 ProducerOf(int register) => new(7, (ulong)register);

    /// <summary>A number that says all that decides what a machine of this plan does.</summary>
    public UInt128 Print => Exploration.Fingerprints.Of(Encoding.UTF8.GetBytes($"{Register} {Name}"));

    /// <summary>What a machine of a layout is made of that runs under a term.</summary>
    public StageLayout Of(long layout, long term) => new()
    {
        Producer = Producer,
        Generation = term,
        Layout = layout,
        InputStream = "in",
        Partition = Register,
        Upstreams = Upstreams,
        Nodes = Nodes,
        Targets = Targets,
        DeadLetters = 0,
    };
}
