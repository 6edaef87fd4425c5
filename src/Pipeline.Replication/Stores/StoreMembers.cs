using Pipeline.Replication.Quorums;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Stores;

/// <summary>Binds the incarnations that vote to the configured places.</summary>
internal static class StoreMembers
{
    /// <summary>
    /// One member a slot: the place where its incarnation was found, whatever the slot is called now; else the place
    /// of its name; else any that is left. Stores already open are kept.
    /// </summary>
    public static IReadOnlyList<StoreMember> Bind(
        Membership membership,
        IReadOnlyList<IStoreSlot> slots,
        IReadOnlyList<StoreProbe> probes,
        IReadOnlyList<StoreMember> open)
    {
        var places = Places(membership, slots, probes);
        var members = new StoreMember[slots.Count];
        for (var i = 0; i < slots.Count; i++)
        {
            var entry = membership.Voting[places.IndexOf(i)];
            var kept = open.FirstOrDefault(member => member.Id == entry.Id && member.Slot == slots[i].Name);
            members[i] = kept ?? new StoreMember(slots[i].Name, entry.Id, slots[i].Open(entry.Id));
        }

        return members;
    }

    /// <summary>For each voting entry the index of its place.</summary>
    private static List<int> Places(
        Membership membership, IReadOnlyList<IStoreSlot> slots, IReadOnlyList<StoreProbe> probes)
    {
        var places = Enumerable.Repeat(-1, slots.Count).ToList();
        Assign((entry, i) => probes[i].HasIdentity() && probes[i].Id == entry.Id);
        Assign((entry, i) => slots[i].Name == entry.Slot);
        Assign(static (_, _) => true);
        return places;

        void Assign(Func<MembershipEntry, int, bool> fits)
        {
            for (var entry = 0; entry < places.Count; entry++)
            {
                for (var i = 0; places[entry] < 0 && i < slots.Count; i++)
                {
                    places[entry] = !places.Contains(i) && fits(membership.Voting[entry], i) ? i : -1;
                }
            }
        }
    }
}
