using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Quorums;

/// <summary>Stores that stay the same: before the membership can be read, and while a store rejoins.</summary>
public sealed class FixedStores(IReadOnlyList<StoreMember> members, int quorum) : IStoreSet
{
    public IReadOnlyList<StoreMember> Members { get; } = members;

    public int Quorum { get; } = quorum;

    public IBlobStore? Find(StoreId id)
    {
        foreach (var member in Members)
        {
            if (member.Id == id)
            {
                return member.Store;
            }
        }

        return null;
    }
}
