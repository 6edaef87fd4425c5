using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Quorums;
using Pipeline.Storage.Blobs;

namespace Pipeline.Runtime.Engine;

/// <summary>Deletes what a log has on the stores.</summary>
internal static class LogBlobs
{
    /// <summary>
    /// True where no store has anything of it any more; false: to be tried again. Stores are asked once more when all
    /// have deleted it: a repair that had begun may have copied it back meanwhile from one that came later.
    /// </summary>
    public static async ValueTask<bool> DeleteAsync(IStoreSet stores, LogId log, CancellationToken cancellationToken)
    {
        var all = true;
        foreach (var member in stores.Members)
        {
            all &= await DeleteAsync(member.Store, log, cancellationToken);
        }

        if (!all)
        {
            return false;
        }

        foreach (var member in stores.Members)
        {
            all &= await IsGoneAsync(member.Store, log, cancellationToken);
        }

        return all;
    }

    private static async ValueTask<bool> DeleteAsync(IBlobStore store, LogId log, CancellationToken cancellationToken)
    {
        var listing = await store.ListAsync(LogNames.Prefix(log), cancellationToken);
        var all = listing.IsOk;
        foreach (var item in listing.Items)
        {
            all &= (await store.DeleteAsync(item.Name, cancellationToken)).IsOk;
        }

        return all & (await store.DeleteAsync(LogNames.Register(log), cancellationToken)).IsOk;
    }

    private static async ValueTask<bool> IsGoneAsync(IBlobStore store, LogId log, CancellationToken cancellationToken)
    {
        var listing = await store.ListAsync(LogNames.Prefix(log), cancellationToken);
        var register = await store.GetAsync(LogNames.Register(log), cancellationToken);
        return listing is { IsOk: true, Items.Count: 0 } && register.Status == BlobStatus.NotFound;
    }
}
