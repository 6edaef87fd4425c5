using Pipeline.Definitions;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Instances;

/// <summary>How pipelines run on this host: paths and intervals. Nothing here changes what they guarantee.</summary>
public sealed record PipelineSettings
{
    /// <summary>Relative paths of file sinks start here.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Folders beside the data directory that file sinks may write to.</summary>
    public IReadOnlyList<string> SinkPaths { get; init; } = [];

    /// <summary>Where stores lie: no file sink writes there.</summary>
    public IReadOnlyList<string> StoreDirectories { get; init; } = [];

    /// <summary>How much the catalog may hold.</summary>
    public CatalogLimits Limits { get; init; } = new();

    /// <summary>Assemblies with C# stages (*.dll); null: only the built-in samples.</summary>
    public string? CodeDirectory { get; init; }

    /// <summary>How often a running stage writes its checkpoint.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause before an attempt that was refused or failed is made again.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long stages may take to end at a checkpoint; then they end as after a crash.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a change of the definition may take to cut what runs; then the old one goes on.</summary>
    public TimeSpan CutTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the answer to a change waits for new partitions to serve.</summary>
    public TimeSpan ServePatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often retention looks for what may go.</summary>
    public TimeSpan TrimInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Bytes of outputs a stage instance may have made and not yet committed before it stops reading.
    /// </summary>
    public long InFlightBytes { get; init; } = 8 << 20;

    /// <summary>
    /// Bytes of memory that the state of a stage instance may take (open windows, states of C# stages); beyond, it
    /// fails with the reason instead of taking the memory of all others.
    /// </summary>
    public long StateBytes { get; init; } = StateLimit.Default;

    /// <summary>Bytes a stage instance reads at once.</summary>
    public int ReadBytes { get; init; } = 1 << 20;

    /// <summary>How many loops the stages and sinks are spread over.</summary>
    public int StageLoops { get; init; } = 2;

    /// <summary>What <c>${NAME}</c> in definitions may read.</summary>
    public DefinitionVariables Variables { get; init; } = DefinitionVariables.None;
}
