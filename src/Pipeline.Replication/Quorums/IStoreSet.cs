using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Quorums;

/// <summary>
/// The stores that vote: one per configured slot, with the incarnation the membership register names.
/// </summary>
public interface IStoreSet
{
    /// <summary>Snapshot, in slot order; replaced whole when membership changes.</summary>
    IReadOnlyList<StoreMember> Members { get; }

    /// <summary>⌊N/2⌋ + 1 of the configured slots.</summary>
    int Quorum { get; }

    /// <summary>The open store of an incarnation, or null where none of the slots has it now.</summary>
    IBlobStore? Find(StoreId id);
}

/// <summary>One voting store. <paramref name="Store"/> answers StoreLost while its contents are gone.</summary>
public sealed record StoreMember(string Slot, StoreId Id, IBlobStore Store);
