using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Registers;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Stores;

/// <summary>
/// Finds out who votes, when nothing but the configured places is known: looks at all of them, formats them where no
/// mark is, else reads the root register (<see cref="RootRegister"/>). An outdated membership never wins: each change
/// was accepted by a majority of stores that vote before and after it, and so meets any majority of an older one.
/// </summary>
internal sealed class StoreOpening(IReadOnlyList<IStoreSlot> slots, ILoop loop, Random draw, StoreSetOptions options)
{
    /// <summary>Who votes; with Opened.</summary>
    public Membership? Voters { get; private set; }

    /// <summary>What lay in each place; with Opened.</summary>
    public IReadOnlyList<StoreProbe> Probes { get; private set; } = [];

    public async Task<StoreSetOutcome> RunAsync()
    {
        Probes = await SlotProbes.ProbeAllAsync(slots, loop.Time, options.ProbeTimeout);
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

        if (await RestoringAsync() is { } outcome)
        {
            return outcome;
        }

        var failed = await new StoreFormat(slots, loop, draw, options).TryAsync(Probes);
        return failed is null
            ? await RunAsync()
            : new StoreSetOutcome(StoreSetResult.Unavailable, $"formatting: {failed}");
    }

    private async Task<StoreSetOutcome> OpenAsync(string described)
    {
        IBlobStore[] found = [.. slots
            .Select((slot, i) => Probes[i].HasIdentity() ? slot.Open(Probes[i].Id) : null)
            .OfType<IBlobStore>()];
        var quorum = (slots.Count / 2) + 1;
        var root = new RootRegister(Membership.Register, quorum, loop, draw);
        var read = await root.ReadAsync(found, VotersOf, CancellationToken.None);
        if (read.Status != RegisterStatus.Chosen || MembershipCodec.TryDecode(read.Value.Span) is not { } membership)
        {
            // Stores that did not answer may yet, and a blank one may be a disk that is mounted later; if all others
            // did, it takes a person.
            var mayAnswer = Has(StoreCondition.Unavailable) || Has(StoreCondition.Blank)
                || (read.Status == RegisterStatus.Unavailable && found.Length >= quorum);
            var result = mayAnswer ? StoreSetResult.Unavailable : StoreSetResult.Refused;
            return new StoreSetOutcome(result, $"{read.Detail}; {described}");
        }

        if (membership.Voting.Count != slots.Count)
        {
            return new StoreSetOutcome(
                StoreSetResult.Refused,
                $"the data lies on {membership.Voting.Count} stores, {slots.Count} are configured");
        }

        Voters = membership;
        return new StoreSetOutcome(StoreSetResult.Opened);
    }

    /// <summary>
    /// Why not to format: a backup was not written to the end onto a store, or it cannot be seen whether. Null: no such
    /// store.
    /// </summary>
    private async Task<StoreSetOutcome?> RestoringAsync()
    {
        for (var i = 0; i < slots.Count; i++)
        {
            if (Probes[i].Condition != StoreCondition.Identified)
            {
                continue;
            }

            var store = slots[i].Open(Probes[i].Id);
            var mark = await loop.Time.WithinAsync(
                token => store.GetAsync(StoreFormat.Restoring, token),
                options.ProbeTimeout,
                static reason => new BlobContent(BlobStatus.Unavailable, Detail: reason));
            if (mark.IsOk)
            {
                return new StoreSetOutcome(
                    StoreSetResult.Refused,
                    $"store {slots[i].Name}: a backup is being restored onto it, or that was cut off: run pipeline "
                        + "restore again");
            }

            if (mark.Status != BlobStatus.NotFound)
            {
                return new StoreSetOutcome(
                    StoreSetResult.Unavailable, $"store {slots[i].Name}: {mark.Status} {mark.Detail}".TrimEnd());
            }
        }

        return null;
    }

    private static IReadOnlyList<StoreId>? VotersOf(ReadOnlyMemory<byte> value) =>
        MembershipCodec.TryDecode(value.Span)?.Voting.Select(static entry => entry.Id).ToArray();

    private bool Has(StoreCondition condition) => Probes.Any(probe => probe.Condition == condition);
}
