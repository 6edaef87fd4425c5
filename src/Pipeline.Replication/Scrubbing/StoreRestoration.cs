using Pipeline.Replication.Loops;
using Pipeline.Replication.Stores;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Scrubbing;

/// <summary>
/// <c>pipeline repair</c>: has lost stores rejoin, then reads everything and repairs what differs. Needs a majority of
/// intact stores; may run beside a service on the same stores.
/// </summary>
public static class StoreRestoration
{
    /// <summary>
    /// What was found, each finding saying whether it was repaired. Called on <paramref name="loop"/>.
    /// </summary>
    public static async Task<VerifyReport> RunAsync(
        IReadOnlyList<IStoreSlot> slots, INamedLogs named, ILoop loop, Random draw)
    {
        using var stores = new StoreSet(slots, loop, draw);
        using var scrubber = new Scrubber(stores, named, loop);
        stores.Filler = scrubber;
        var opened = await stores.OpenAsync(CancellationToken.None);
        if (opened.Result != StoreSetResult.Opened)
        {
            var report = await StoreVerification.RunAsync(slots, named, loop.Time);
            return report with
            {
                Findings = [new Finding(FindingKind.Lost, "", Membership.Register, opened.Detail), .. report.Findings],
            };
        }

        await stores.RejoinLostAsync();
        return await scrubber.RunOnceAsync();
    }
}
