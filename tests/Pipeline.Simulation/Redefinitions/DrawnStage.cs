using Pipeline.Kernel.Identity;

namespace Pipeline.Simulation.Redefinitions;

/// <summary>
/// A stage of a drawn definition: a filter that writes its own mark behind the marks of the stages before it, so that
/// each output tells which texts it went through; or a window.
/// </summary>
public sealed record DrawnStage
{
    public const string Events = "events";
    public const long Marks = 1000;

    public required string Name { get; init; }

    /// <summary>The ingest stream, a stage of the same pipeline, or <c>pipeline.stage</c>. Never changes.</summary>
    public required string From { get; init; }

    /// <summary>Partitions of what it reads.</summary>
    public required int FromPartitions { get; init; }

    /// <summary>Partitions of its output. Never changes.</summary>
    public required int Partitions { get; init; }

    /// <summary>Below <see cref="Marks"/>, and no other stage's.</summary>
    public required int Mark { get; init; }

    /// <summary>Smaller amounts do not pass.</summary>
    public int Threshold { get; init; }

    /// <summary>The column that is the output's key; null: the input's.</summary>
    public string? Key { get; init; }

    public bool IsMaterialized { get; init; }

    /// <summary>Counts by client in windows; its mark is never seen.</summary>
    public bool IsWindow { get; init; }

    public bool ReadsStage => From != Events && !From.Contains('.');

    public bool ReadsOther => From.Contains('.');

    /// <summary>Its outputs stay in the partition of their input, so that what reads it is fused to it.</summary>
    public bool IsAligned =>
        Partitions == FromPartitions && (Key is null || (From == Events && Key == "k") || Partitions == 1);

    /// <summary>What it makes of an event; null: nothing.</summary>
    public PassedEvent? Pass(in PassedEvent input) => input.Amount < Threshold
        ? null
        : input with { Path = (input.Path * Marks) + Mark, Key = KeyOf(input) };

    public int PartitionOf(in PassedEvent output) =>
        KeySlot.Of(System.Text.Encoding.UTF8.GetBytes(output.Key)).Partition(Partitions);

    private string KeyOf(in PassedEvent input) => Key switch
    {
        "k" => input.K,
        "c" => $"{input.Client}",
        "n" => $"{input.Number}",
        "v" => $"{input.Amount}",
        _ => input.Key,
    };
}
