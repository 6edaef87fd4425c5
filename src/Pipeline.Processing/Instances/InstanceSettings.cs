namespace Pipeline.Processing.Instances;

/// <summary>How stages and sinks run on this host. Nothing here changes what they guarantee.</summary>
public record InstanceSettings
{
    /// <summary>Relative paths of file sinks start here.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Folders beside the data directory that file sinks may write to.</summary>
    public IReadOnlyList<string> SinkPaths { get; init; } = [];

    /// <summary>Private addresses that webhooks may go to.</summary>
    public WebhookHosts WebhookHosts { get; init; } = WebhookHosts.None;

    /// <summary>Where stores lie: no file sink writes there.</summary>
    public IReadOnlyList<string> StoreDirectories { get; init; } = [];

    /// <summary>How often a running stage writes its checkpoint.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Pause before an attempt that was refused or failed is made again.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(200);

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
}
