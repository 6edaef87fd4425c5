namespace Pipeline.Grains.Partitions;

/// <summary>How the partitions are that a silo has, said by itself.</summary>
[GenerateSerializer, Immutable, Alias("pipeline.SiloReport")]
internal sealed record SiloReport
{
    [Id(0)]
    public required SiloAddress Silo { get; init; }

    /// <summary>Counts the silo's reports: one that was lost is noticed.</summary>
    [Id(1)]
    public long Number { get; init; }

    /// <summary>Whether it names all; else those that are another than in the report before.</summary>
    [Id(2)]
    public bool IsFull { get; init; }

    /// <summary>By the key of their grain.</summary>
    [Id(3)]
    public Dictionary<string, PartitionReport> Partitions { get; init; } = [];

    /// <summary>Those that the silo has no more.</summary>
    [Id(4)]
    public string[] Gone { get; init; } = [];
}
