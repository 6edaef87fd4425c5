using Pipeline.Replication.Quorums;
using Pipeline.Replication.Stores;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Scrubbing;

/// <summary>
/// <c>pipeline verify</c>: reads everything on every store and compares, changes nothing. Works on the stores alone,
/// whether something runs on them or not, and without a loop.
/// </summary>
public static class StoreVerification
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>A report; also where fewer than a majority of stores are there.</summary>
    public static async Task<VerifyReport> RunAsync(
        IReadOnlyList<IStoreSlot> slots, INamedLogs named, TimeProvider time)
    {
        var reading = new StoreReading(time, Limit);
        var probes = await SlotProbes.ProbeAllAsync(slots, time, Limit);
        var quorum = (slots.Count / 2) + 1;
        var found = slots
            .Select((slot, i) => (Slot: slot, Probe: probes[i]))
            .Where(static place => place.Probe.HasIdentity())
            .Select(static place => new StoreMember(place.Slot.Name, place.Probe.Id, place.Slot.Open(place.Probe.Id)))
            .ToArray();
        var root = new RegisterCopies(Membership.Register, quorum);
        await root.ReadAsync(found, reading);
        if (root.Chosen is not { } value || MembershipCodec.TryDecode(value.Span) is not { } membership)
        {
            return Nothing([
                .. slots.Select((slot, i) => Judge(slot, probes[i], null)).OfType<Finding>(),
                new Finding(FindingKind.Lost, "", Membership.Register, "no majority of stores says who votes"),
            ]);
        }

        var voting = found.Where(member => membership.IsVoting(member.Id)).ToArray();
        var scan = new StoreScan(voting, voting, membership.Quorum, named, membership.IsVoting, reading, null);
        var report = await scan.RunAsync();
        var stores = slots.Select((slot, i) => Judge(slot, probes[i], membership)).OfType<Finding>();
        return report with { Findings = [.. stores, .. report.Findings] };
    }

    private static Finding? Judge(IStoreSlot slot, StoreProbe probe, Membership? membership) => probe.Condition switch
    {
        StoreCondition.Unavailable or StoreCondition.Newer =>
            new Finding(FindingKind.StoreUnavailable, slot.Name, default, probe.Detail),
        StoreCondition.Blank => new Finding(FindingKind.StoreLost, slot.Name, default, "nothing is there"),
        StoreCondition.Damaged => new Finding(FindingKind.StoreLost, slot.Name, default, probe.Detail),
        _ when membership?.IsVoting(probe.Id) == false =>
            new Finding(FindingKind.StoreLost, slot.Name, default, $"{probe.Id} does not vote"),
        _ => null,
    };

    private static VerifyReport Nothing(IReadOnlyList<Finding> findings) => new()
    {
        Stores = [],
        Registers = 0,
        Logs = 0,
        ClosedSegments = 0,
        ClosedBytes = 0,
        OpenSegments = 0,
        Findings = findings,
    };
}
