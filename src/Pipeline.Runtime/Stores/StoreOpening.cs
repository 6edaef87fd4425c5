using Pipeline.Kernel.Registers;
using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Registers;
using Pipeline.Storage.Blobs;

namespace Pipeline.Runtime.Stores;

/// <summary>
/// Finds out who votes, when nothing but the configured places is known: the root register's highest accepted value
/// among the stores that are there names the stores to read the register from; until what they agree on names
/// themselves. That value is found because each change of the membership was accepted by a majority of stores that
/// vote before and after it, and so meets any majority of an older membership.
/// </summary>
internal sealed class StoreOpening(IReadOnlyList<IStoreSlot> slots, ILoop loop, Random draw, StoreSetOptions options)
{
    private const int MaxRounds = 4;

    /// <summary>Who votes; with Opened.</summary>
    public Membership? Membership { get; private set; }

    /// <summary>What lay in each place; with Opened.</summary>
    public IReadOnlyList<StoreProbe> Probes { get; private set; } = [];

    public async Task<StoreSetOutcome> RunAsync()
    {
        Probes = await SlotProbes.ProbeAllAsync(slots, loop, options.ProbeTimeout);
        var described = SlotProbes.Describe(slots, Probes);
        if (Has(StoreCondition.Newer))
        {
            return new StoreSetOutcome(StoreSetResult.Refused, described);
        }

        if (Has(StoreCondition.Formatted))
        {
            return await OpenAsync(described);
        }

        if (Has(StoreCondition.Unavailable) || Has(StoreCondition.Damaged))
        {
            var result = Has(StoreCondition.Unavailable) ? StoreSetResult.Unavailable : StoreSetResult.Refused;
            return new StoreSetOutcome(result, $"formatting needs all stores: {described}");
        }

        var failed = await new StoreFormat(slots, loop, draw, options).TryAsync(Probes);
        return failed is null
            ? await RunAsync()
            : new StoreSetOutcome(StoreSetResult.Unavailable, $"formatting: {failed}");
    }

    private async Task<StoreSetOutcome> OpenAsync(string described)
    {
        var candidate = await NewestAsync();
        for (var round = 0; candidate is not null && round < MaxRounds; round++)
        {
            if (candidate.Voting.Count != slots.Count)
            {
                return new StoreSetOutcome(
                    StoreSetResult.Refused,
                    $"the data lies on {candidate.Voting.Count} stores, {slots.Count} are configured");
            }

            var intact = Probes.Count(probe => probe.HasIdentity() && candidate.IsVoting(probe.Id));
            if (intact < candidate.Quorum)
            {
                return Short($"{intact} of {slots.Count} stores are intact, {candidate.Quorum} are needed: {described}");
            }

            var voters = new FixedStores(StoreMembers.Bind(candidate, slots, Probes, []), candidate.Quorum);
            var register = new QuorumRegisters(voters, loop, draw).Open(Membership.Register);
            var read = await register.ReadAsync(CancellationToken.None);
            if (read.Status != RegisterStatus.Chosen)
            {
                return Short(read.Detail ?? $"{read.Status}");
            }

            var chosen = MembershipCodec.TryDecode(read.Value.Span);
            if (chosen is not null && chosen.Voting.SequenceEqual(candidate.Voting))
            {
                Membership = chosen;
                return new StoreSetOutcome(StoreSetResult.Opened);
            }

            candidate = chosen;
        }

        return Short($"the membership cannot be read: {described}");
    }

    /// <summary>The root register's value with the highest ballot, chosen or not.</summary>
    private async Task<Membership?> NewestAsync()
    {
        var states = new List<RegisterState>();
        for (var i = 0; i < slots.Count; i++)
        {
            if (!Probes[i].HasIdentity())
            {
                continue;
            }

            var store = slots[i].Open(Probes[i].Id);
            var content = await loop.WithinAsync(
                token => store.GetAsync(Membership.Register, token),
                options.ProbeTimeout,
                static reason => new BlobContent(BlobStatus.Unavailable, Detail: reason));
            if (content.IsOk && RegisterStateCodec.Decode(content.Bytes, out var state) == RegisterReading.Whole)
            {
                states.Add(state);
            }
        }

        return states.Count == 0
            ? null
            : MembershipCodec.TryDecode(states.MaxBy(static state => state.Accepted).Value.Span);
    }

    private bool Has(StoreCondition condition) => Probes.Any(probe => probe.Condition == condition);

    /// <summary>Stores that did not answer may yet; if all did, it takes a person.</summary>
    private StoreSetOutcome Short(string detail) => new(
        Has(StoreCondition.Unavailable) ? StoreSetResult.Unavailable : StoreSetResult.Refused, detail);
}
