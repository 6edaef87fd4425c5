using Pipeline.Kernel.Stages.Delivering;
using Pipeline.ModelChecking.Redefinition;

namespace Pipeline.ModelChecking.Delivering;

/// <summary>What a stage instance reads and writes, and what goes wrong at most.</summary>
internal sealed record DeliveryWorldOptions
{
    public required string Name { get; init; }

    public required InstancePlan Plan { get; init; }

    /// <summary>The blocks of its input.</summary>
    public required string[] Input { get; init; }

    /// <summary>How many partitions its target has.</summary>
    public required int Outlets { get; init; }

    /// <summary>What the target holds in the end, each once.</summary>
    public required string[] Expected { get; init; }

    /// <summary>Processes that run the instance, one after the other begun; none knows when it is over.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>Each process runs it under a higher term: the targets fence the ones before.</summary>
    public bool HasTerms { get; init; }

    /// <summary>How many appends and checkpoints are not answered, carried out or not.</summary>
    public int Losses { get; init; }

    public DeliveryFlaws Flaws { get; init; }

    public DeliveryOptions Times { get; init; } = new()
    {
        CheckpointInterval = 2,
        RetryDelay = 1,
        WatermarkPause = 1,
    };

    public override string ToString() => $"{Name}: {Input.Length} blocks, {Outlets} targets, {Processes} processes, "
        + $"{Losses} answers lost" + (Flaws == DeliveryFlaws.None ? "" : $", flaw {Flaws}");
}
