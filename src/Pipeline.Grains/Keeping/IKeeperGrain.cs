using Pipeline.Grains.Calls;
using Pipeline.Grains.Partitions;

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

    /// <summary>How a silo's partitions are; false: it is to name all of them next time.</summary>
    [Alias("report")]
    Task<bool> ReportAsync(SiloReport report);

    /// <summary>
    /// <see cref="CatalogNews"/> for a front that knows a version; where that is the newest, waits for the next one,
    /// for
    /// <paramref name="wait"/> at most. Null: not known now.
    /// </summary>
    [Alias("catalog"), ResponseTimeout(CallLimits.LongestCall)]
    Task<byte[]?> CatalogAsync(Guid front, long known, TimeSpan wait);

    /// <summary><see cref="StateNews"/> for a front that knows some state; null: not known now.</summary>
    [Alias("state"), ResponseTimeout(CallLimits.LongestCall)]
    Task<byte[]?> StateAsync(Guid known);

    /// <summary>The status of one pipeline, or of all, as a list in JSON; null: not known now.</summary>
    [Alias("pipelines"), ResponseTimeout(CallLimits.LongestCall)]
    Task<byte[]?> PipelinesAsync(string? name);

    /// <summary>What there is and how it is, for fronts of before; null while it is not known.</summary>
    [Alias("view"), ResponseTimeout(CallLimits.LongestCall)]
    Task<byte[]?> ViewAsync();

    /// <summary>The silo is about to stop: answers when its partitions have moved, where there are others.</summary>
    [Alias("leave")]
    Task LeaveAsync(SiloAddress silo);

    /// <summary>An <see cref="Runtime.Pipelines.ApplyRequest"/>, an ApplyOutcome; null: not now.</summary>
    [Alias("apply"), ResponseTimeout(CallLimits.LongestCall)]
    Task<byte[]?> ApplyAsync(byte[] request);

    /// <summary>An <see cref="Runtime.Pipelines.ApplyRequest"/> only tried, an ApplyOutcome; null: not now.</summary>
    [Alias("try"), ResponseTimeout(CallLimits.LongestCall)]
    Task<byte[]?> TryAsync(byte[] request);

    /// <summary>A <see cref="KeeperOrder"/>, a PipelineOutcome; null: not now.</summary>
    [Alias("carry-out"), ResponseTimeout(CallLimits.LongestCall)]
    Task<byte[]?> CarryOutAsync(byte[] order);

    /// <summary>
    /// Begins a backup (<paramref name="question"/> "start"), lists them ("list"), or shows one (its id): a
    /// BackupAnswer; null: not now.
    /// </summary>
    [Alias("backups"), ResponseTimeout(CallLimits.LongestCall)]
    Task<byte[]?> BackupsAsync(string question);

    /// <summary>A page of dead letters; null: not now.</summary>
    [Alias("dead-letters"), ResponseTimeout(CallLimits.LongestCall)]
    Task<byte[]?> DeadLettersAsync(string pipeline, long from, int max);
}
