using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Runtime.Stores;
using Pipeline.Storage.Blobs;

namespace Pipeline.Runtime.Engine;

/// <summary>Deletes what a log has on the stores.</summary>
internal static class LogBlobs
{
    public static async ValueTask DeleteAsync(IStoreSet stores, LogId log, CancellationToken cancellationToken)
    {
        foreach (var member in stores.Members)
        {
            await DeleteAsync(member.Store, log, cancellationToken);
        }
    }

    private static async ValueTask DeleteAsync(IBlobStore store, LogId log, CancellationToken cancellationToken)
    {
        var listing = await store.ListAsync(LogNames.Prefix(log), cancellationToken);
        foreach (var item in listing.Items)
        {
            await store.DeleteAsync(item.Name, cancellationToken);
        }

        await store.DeleteAsync(LogNames.Register(log), cancellationToken);
    }
}
