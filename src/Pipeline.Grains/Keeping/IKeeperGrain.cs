namespace Pipeline.Grains.Keeping;

/// <summary>
/// The one grain that makes sure that what the catalog names runs somewhere, and that changes the catalog. Requests
/// and answers are JSON, so that versions may differ.
/// </summary>
[Alias("pipeline.keeper")]
internal interface IKeeperGrain : IGrainWithStringKey
{
    /// <summary>Has the keeper be active somewhere; whether it keeps already.</summary>
    [Alias("touch")]
    Task<bool> TouchAsync();

    /// <summary>What there is and how it is; null while it is not known.</summary>
    [Alias("view"), ResponseTimeout(GrainHosting.LongestCall)]
    Task<byte[]?> ViewAsync();

    /// <summary>The silo is about to stop: answers when its partitions have moved, where there are others.</summary>
    [Alias("leave")]
    Task LeaveAsync(SiloAddress silo);

    /// <summary>An <see cref="Runtime.Pipelines.ApplyRequest"/>, an ApplyOutcome; null: not now.</summary>
    [Alias("apply"), ResponseTimeout(GrainHosting.LongestCall)]
    Task<byte[]?> ApplyAsync(byte[] request);

    /// <summary>A <see cref="KeeperOrder"/>, a PipelineOutcome; null: not now.</summary>
    [Alias("carry-out"), ResponseTimeout(GrainHosting.LongestCall)]
    Task<byte[]?> CarryOutAsync(byte[] order);

    /// <summary>A page of dead letters; null: not now.</summary>
    [Alias("dead-letters"), ResponseTimeout(GrainHosting.LongestCall)]
    Task<byte[]?> DeadLettersAsync(string pipeline, long from, int max);
}
