using Pipeline.Grains.Calls;

namespace Pipeline.Grains.Instances;

/// <summary>
/// One stage or sink instance, run by whichever silo has this grain. Only the activation with the highest epoch in
/// its checkpoint register goes on.
/// </summary>
[Alias("pipeline.stage")]
internal interface IStageGrain : IGrainWithStringKey
{
    /// <summary>
    /// Has it run what <paramref name="definition"/> names, and says how it is. To be repeated: what nobody asks for
    /// any more ends.
    /// </summary>
    [Alias("run")]
    Task<StageReport> RunAsync(string definition);

    /// <summary>Ends it, at a checkpoint where that is asked for; whether that succeeded.</summary>
    [Alias("stop")]
    Task<bool> StopAsync(bool withCheckpoint, TimeSpan patience);

    /// <summary>
    /// Brings what <paramref name="definition"/> names to a clean cut under a term; it does not run on.
    /// </summary>
    /// <returns>A <see cref="Processing.Instances.CutResult"/> as JSON.</returns>
    [Alias("cut"), ResponseTimeout(CallLimits.LongestCall)]
    Task<byte[]> CutAsync(string definition, long term, long? drainTo, TimeSpan patience);

    /// <summary>Goes to another silo, at a checkpoint if that can be written soon.</summary>
    [Alias("move")]
    Task MoveAsync(SiloAddress target);

    /// <summary>Its readers need not wait for it.</summary>
    [Alias("leave")]
    Task LeaveAsync();

    /// <summary>Its snapshot is to be written again.</summary>
    [Alias("renew")]
    Task RenewAsync();

    /// <summary>Somebody may read its outputs now.</summary>
    [Alias("see-to")]
    Task SeeToAsync();
}
