using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;

namespace Pipeline.Replication.Partitions.Driving;

/// <summary>What a log's driver needs of the partition it works for. All on the partition's loop.</summary>
internal interface ILogOwner
{
    AppendRequest Request(int slice);

    void Reply(in LogEffect reply);

    void OnOpened();

    /// <summary>A step is done: status and waits may have changed.</summary>
    void OnStepped();

    void OnDropped(StoreId store, string? reason);

    /// <summary>
    /// An exception ended the driver; where it <paramref name="hadStopped"/> before, that changes nothing.
    /// </summary>
    void OnFailed(LogDriver driver, Exception fault, bool hadStopped);

    void OnStopped(PartitionEvent why, string? detail);
}
