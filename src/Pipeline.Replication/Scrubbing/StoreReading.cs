using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Scrubbing;

/// <summary>Reads from stores with patience, and no faster than it is told to.</summary>
/// <param name="time">Where it waits.</param>
/// <param name="limit">A request unanswered for so long counts as unavailable.</param>
/// <param name="bytesPerSecond">Paces reading; 0: as fast as it goes.</param>
internal sealed class StoreReading(TimeProvider time, TimeSpan limit, long bytesPerSecond = 0)
{
    public const int ChunkBytes = 1 << 20;

    public TimeProvider Time => time;

    public async Task<BlobContent> GetAsync(IBlobStore store, BlobName name)
    {
        var content = await time.WithinAsync(token => store.GetAsync(name, token), limit, Silent);
        await PaceAsync(content.Bytes.Length);
        return content;
    }

    public async Task<BlobContent> GetRangeAsync(IBlobStore store, BlobName name, long position, int length)
    {
        var content = await time.WithinAsync(
            token => store.GetRangeAsync(name, position, length, token), limit, Silent);
        await PaceAsync(content.Bytes.Length);
        return content;
    }

    public Task<BlobListing> ListAsync(IBlobStore store, string prefix) => time.WithinAsync(
        token => store.ListAsync(prefix, token),
        10 * limit,
        static reason => new BlobListing(BlobStatus.Unavailable, [], reason));

    public Task<BlobOutcome> PutAsync(
        IBlobStore store, BlobName name, ReadOnlyMemory<byte> bytes, PutCondition condition) => time.WithinAsync(
            token => store.PutAsync(name, bytes, condition, token),
            10 * limit,
            static reason => new BlobOutcome(BlobStatus.Unavailable, Detail: reason));

    public Task<BlobOutcome> DeleteAsync(IBlobStore store, BlobName name) => time.WithinAsync(
        token => store.DeleteAsync(name, token),
        limit,
        static reason => new BlobOutcome(BlobStatus.Unavailable, Detail: reason));

    private Task PaceAsync(int bytes) => bytesPerSecond == 0 || bytes == 0
        ? Task.CompletedTask
        : time.PauseAsync(TimeSpan.FromSeconds((double)bytes / bytesPerSecond), CancellationToken.None);

    private static BlobContent Silent(string reason) => new(BlobStatus.Unavailable, Detail: reason);
}
