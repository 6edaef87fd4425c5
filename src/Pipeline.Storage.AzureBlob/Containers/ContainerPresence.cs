using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.AzureBlob.Containers;

/// <summary>Whether the container still has the incarnation a store is bound to. Once lost, lost for good.</summary>
internal sealed class ContainerPresence(
    ContainerIdentity identity, StoreId id, TimeProvider time, TimeSpan freshness)
{
    private long _seenAt;
    private volatile bool _wasSeen;
    private volatile string? _lost;

    public string? Lost => _lost;

    private bool IsFresh => _wasSeen && time.GetElapsedTime(Interlocked.Read(ref _seenAt)) < freshness;

    /// <summary>Null: it is there. Else StoreLost, or what kept it from being looked for.</summary>
    public async Task<BlobOutcome?> CheckAsync(bool allowFresh, CancellationToken cancellationToken)
    {
        if (_lost is not null)
        {
            return new BlobOutcome(BlobStatus.StoreLost, Detail: _lost);
        }

        if (allowFresh && IsFresh)
        {
            return null;
        }

        var asked = time.GetTimestamp();
        var found = await identity.ProbeAsync(cancellationToken).ConfigureAwait(false);
        if (found.Id == id && found.Condition is StoreCondition.Identified or StoreCondition.Formatted)
        {
            Interlocked.Exchange(ref _seenAt, asked);
            _wasSeen = true;
            return null;
        }

        Lose($"found {found.Condition} {found.Id} {found.Detail}".TrimEnd());
        return new BlobOutcome(BlobStatus.StoreLost, Detail: _lost);
    }

    public void Lose(string reason) => _lost ??= reason;
}
