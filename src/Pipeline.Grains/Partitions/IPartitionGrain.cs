using Orleans.Concurrency;
using Pipeline.Grains.Calls;

namespace Pipeline.Grains.Partitions;

/// <summary>
/// One partition, served by whichever silo has this grain. Two may have it for a while: only the one whose log has the
/// highest epoch appends.
/// </summary>
[Alias("pipeline.partition")]
internal interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>Appends parts; answers, in their order, when each is committed or refused.</summary>
    [Alias("append"), ResponseTimeout(CallLimits.LongestCall)]
    Task<AppendAnswer[]> AppendAsync(AppendMessage[] messages);

    /// <summary>
    /// Asks whether a request may run. <paramref name="token"/> names the request: asking again for it is the same.
    /// </summary>
    [Alias("reserve"), ResponseTimeout(CallLimits.LongestCall)]
    Task<AppendAnswer> ReserveAsync(byte[] header, Guid token);

    /// <summary>The request does not run any more. One that is lost is made up for after a minute.</summary>
    [OneWay, Alias("release")]
    Task ReleaseAsync(Guid token);

    /// <summary>Committed blocks, in order.</summary>
    [Alias("read"), ResponseTimeout(CallLimits.LongestCall)]
    Task<ReadAnswer> ReadAsync(ReadMessage message);

    /// <summary>The first committed offset accepted at or after a time; null where it cannot be said now.</summary>
    [Alias("find"), ResponseTimeout(CallLimits.LongestCall)]
    Task<long?> FindAsync(long ticks);

    /// <summary>Lets go of everything before an offset.</summary>
    [Alias("trim")]
    Task TrimAsync(long lowWater);

    /// <summary>How it is, and where.</summary>
    [Alias("status"), ResponseTimeout(CallLimits.LongestCall)]
    Task<PartitionReport> StatusAsync();

    /// <summary>Goes to another silo, after what is under way.</summary>
    [Alias("move")]
    Task MoveAsync(SiloAddress target);

    /// <summary>The stream is deleted: ends.</summary>
    [Alias("close")]
    Task CloseAsync();
}
