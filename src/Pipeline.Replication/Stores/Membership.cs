using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Stores;

/// <summary>
/// The value of the root register: which incarnations vote, one a configured slot, and which are on their way to.
/// Changed one slot at a time, and only by a majority made of stores that vote before and after the change.
/// </summary>
/// <param name="Voting">In slot order.</param>
/// <param name="Joining">At most one a slot: drawn once, written as a slot's identity once, by whoever drew it.</param>
public sealed record Membership(IReadOnlyList<MembershipEntry> Voting, IReadOnlyList<MembershipEntry> Joining)
{
    /// <summary>The root register's blob.</summary>
    public static BlobName Register { get; } = new("registers/stores");

    /// <summary>⌊N/2⌋ + 1.</summary>
    public int Quorum => (Voting.Count / 2) + 1;

    public bool IsVoting(StoreId id) => Voting.Any(entry => entry.Id == id);

    /// <summary>The incarnation on its way to take the place of a voting one; null where none is.</summary>
    public StoreId? SuccessorOf(StoreId voting) =>
        Joining.FirstOrDefault(entry => entry.Slot == SlotOf(voting)) is { } entry ? entry.Id : null;

    /// <summary>
    /// With <paramref name="id"/> on its way to take the place of a voting one, instead of any other.
    /// </summary>
    public Membership WithSuccessor(StoreId voting, StoreId id)
    {
        var slot = SlotOf(voting);
        return this with { Joining = [.. Joining.Where(entry => entry.Slot != slot), new MembershipEntry(slot, id)] };
    }

    /// <summary>With the successor voting.</summary>
    public Membership WithSuccession(StoreId voting, StoreId id)
    {
        var slot = SlotOf(voting);
        return new Membership(
            [.. Voting.Select(entry => entry.Slot == slot ? new MembershipEntry(slot, id) : entry)],
            [.. Joining.Where(entry => entry.Slot != slot)]);
    }

    private string SlotOf(StoreId voting) => Voting.First(entry => entry.Id == voting).Slot;
}

/// <summary>A slot's configured name and an incarnation.</summary>
public sealed record MembershipEntry(string Slot, StoreId Id);
