using Pipeline.Backups;
using Pipeline.Definitions;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>How pipelines run on this host: paths and intervals. Nothing here changes what they guarantee.</summary>
public sealed record PipelineSettings : InstanceSettings
{
    /// <summary>How much the catalog may hold.</summary>
    public CatalogLimits Limits { get; init; } = new();

    /// <summary>Assemblies with C# stages (*.dll); null: only the built-in samples.</summary>
    public string? CodeDirectory { get; init; }

    /// <summary>How long stages may take to end at a checkpoint; then they end as after a crash.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a change of the definition may take to cut what runs; then the old one goes on.</summary>
    public TimeSpan CutTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the answer to a change waits for new partitions to serve.</summary>
    public TimeSpan ServePatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often retention looks for what may go.</summary>
    public TimeSpan TrimInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many loops the stages and sinks are spread over.</summary>
    public int StageLoops { get; init; } = 2;

    /// <summary>Where backups go; null: nowhere.</summary>
    public BackupSettings? Backup { get; init; }

    /// <summary>What <c>${NAME}</c> in definitions may read.</summary>
    public DefinitionVariables Variables { get; init; } = DefinitionVariables.None;
}
