using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Registers;
using Pipeline.Replication.Loops;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Stores;

/// <summary>
/// Formats blank places: an identity on all of them, then the root register's initial state on all of them, then the
/// mark on all of them. Invariants:
/// <list type="bullet">
/// <item>A mark is written only when every store has its identity and the same root register: so wherever a mark is,
/// formatting is never started over.</item>
/// <item>While there is no mark anywhere nothing depends on what lies there: places left behind by an attempt that
/// does not fit are given new identities.</item>
/// </list>
/// </summary>
internal sealed class StoreFormat(IReadOnlyList<IStoreSlot> slots, ILoop loop, Random draw, StoreSetOptions options)
{
    /// <summary>Lies on a store while a backup is written onto it: it is not to be formatted.</summary>
    public static readonly BlobName Restoring = new("restoring");

    /// <summary>Null: formatted. Else what kept it from that.</summary>
    public async Task<string?> TryAsync(IReadOnlyList<StoreProbe> probes)
    {
        for (var i = 0; i < slots.Count; i++)
        {
            if (probes[i].Condition == StoreCondition.Blank)
            {
                var id = SlotProbes.NewId(draw);
                var identified = await TryAsync(i, (slot, token) => slot.IdentifyAsync(id, token));
                if (identified is not null)
                {
                    return identified;
                }
            }
        }

        probes = await SlotProbes.ProbeAllAsync(slots, loop.Time, options.ProbeTimeout);
        if (probes.Any(static probe => probe.Condition != StoreCondition.Identified))
        {
            return SlotProbes.Describe(slots, probes);
        }

        var membership = new Membership(
            [.. slots.Select((slot, i) => new MembershipEntry(slot.Name, probes[i].Id))], []);
        return await InstallAsync(probes, membership) ?? await MarkAsync(probes);
    }

    private async Task<string?> InstallAsync(IReadOnlyList<StoreProbe> probes, Membership membership)
    {
        var born = RegisterStateCodec.Encode(RegisterState.Born(MembershipCodec.Encode(membership)));
        for (var i = 0; i < slots.Count; i++)
        {
            var store = slots[i].Open(probes[i].Id);
            var installed = await TryAsync(i, (_, token) =>
                store.PutAsync(Membership.Register, born, PutCondition.IfAbsent, token));
            if (installed is null)
            {
                continue;
            }

            var found = await loop.Time.WithinAsync(
                token => store.GetAsync(Membership.Register, token),
                options.ProbeTimeout,
                static reason => new BlobContent(BlobStatus.Unavailable, Detail: reason));
            if (!found.IsOk)
            {
                return installed;
            }

            if (!found.Bytes.Span.SequenceEqual(born))
            {
                await StartOverAsync(probes);
                return "left over from an attempt that did not end; starting over";
            }
        }

        return null;
    }

    private async Task<string?> MarkAsync(IReadOnlyList<StoreProbe> probes)
    {
        for (var i = 0; i < slots.Count; i++)
        {
            var id = probes[i].Id;
            if (await TryAsync(i, (slot, token) => slot.MarkFormattedAsync(id, token)) is { } failed)
            {
                return failed;
            }
        }

        return null;
    }

    private async Task StartOverAsync(IReadOnlyList<StoreProbe> probes)
    {
        for (var i = 0; i < slots.Count; i++)
        {
            var (former, id) = (probes[i].Id, SlotProbes.NewId(draw));
            await TryAsync(i, (slot, token) => slot.ReplaceIdentityAsync(former, id, token));
        }
    }

    private async Task<string?> TryAsync(
        int index, Func<IStoreSlot, CancellationToken, ValueTask<BlobOutcome>> operation)
    {
        var slot = slots[index];
        var outcome = await loop.Time.WithinAsync(
            token => operation(slot, token),
            options.ProbeTimeout,
            static reason => new BlobOutcome(BlobStatus.Unavailable, Detail: reason));
        return outcome.IsOk ? null : $"store {slot.Name}: {outcome.Status} {outcome.Detail}".TrimEnd();
    }
}
