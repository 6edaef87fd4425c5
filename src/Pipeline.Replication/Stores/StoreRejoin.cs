using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Registers;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Stores;

/// <summary>
/// Fills a place whose contents are gone under a new incarnation, and has it vote. Invariants:
/// <list type="bullet">
/// <item>An incarnation is named as successor in the root register before it is written anywhere, and written as an
/// identity once, by whoever drew it: what lies under it was put there by this procedure.</item>
/// <item>Nothing is written while a log needs what is gone for the majority of its open segment's stores.</item>
/// <item>It votes only after every register that a majority could know of was installed on it by an identity round of
/// the others, and everything else was copied and verified.</item>
/// <item>The store it follows has lost its identity before the membership changes, so that change is accepted by a
/// majority of the others alone.</item>
/// </list>
/// </summary>
internal sealed class StoreRejoin(StoreSet set, int slot, ILoop loop, Random draw, StoreSetOptions options)
{
    private readonly StoreId _former = set.Members[slot].Id;
    private readonly IRegister _root = set.Registers.Open(Membership.Register);

    /// <summary>Null: the place has a voting store again. Else what kept it from that.</summary>
    public async Task<string?> RunAsync(StoreProbe probe, Action<string> progress)
    {
        var read = await _root.ReadAsync(CancellationToken.None);
        if (read.Status != RegisterStatus.Chosen || MembershipCodec.TryDecode(read.Value.Span) is not { } membership)
        {
            return $"the membership cannot be read: {read.Detail}";
        }

        if (!membership.IsVoting(_former))
        {
            set.Adopt(membership);
            return "another process changed the membership";
        }

        if (set.Filler is { } filler && await filler.NeedsAsync(_former) is { } needed)
        {
            return needed;
        }

        var id = membership.SuccessorOf(_former);
        if (id is null || !probe.HasIdentity() || probe.Id != id)
        {
            id = SlotProbes.NewId(draw);
            if (await ClaimAsync(membership, id.Value, probe) is { } refused)
            {
                return refused;
            }
        }

        var target = set.Slots[slot].Open(id.Value);
        return await FillAsync(target, progress) ?? await VoteAsync(target);
    }

    /// <summary>Names the successor, then writes its identity.</summary>
    private async Task<string?> ClaimAsync(Membership membership, StoreId id, StoreProbe probe)
    {
        var claim = await ChangeAsync(membership, membership.WithSuccessor(_former, id));
        if (claim is not null)
        {
            return claim;
        }

        var slotNow = set.Slots[slot];
        var outcome = await loop.Time.WithinAsync(
            token => probe.Condition == StoreCondition.Blank
                ? slotNow.IdentifyAsync(id, token)
                : slotNow.ReplaceIdentityAsync(probe.Id, id, token),
            options.ProbeTimeout,
            static reason => new BlobOutcome(BlobStatus.Unavailable, Detail: reason));
        return outcome.IsOk ? null : $"a new identity cannot be written: {outcome.Status} {outcome.Detail}";
    }

    private async Task<string?> FillAsync(IBlobStore target, Action<string> progress)
    {
        var (names, listed) = await RegisterNamesAsync();
        if (listed < set.Quorum)
        {
            return $"only {listed} other stores list their registers";
        }

        progress($"installing {names.Count} registers");
        if (await InstallAsync(names, target) is { } failed)
        {
            return failed;
        }

        progress("copying segments");
        return set.Filler is { } filler ? await filler.FillAsync(target, CancellationToken.None) : null;
    }

    private async Task<string?> VoteAsync(IBlobStore target)
    {
        var read = await _root.ReadAsync(CancellationToken.None);
        if (MembershipCodec.TryDecode(read.Value.Span) is not { } membership
            || !membership.IsVoting(_former) || membership.SuccessorOf(_former) != target.Id)
        {
            return $"the membership changed meanwhile: {read.Detail}";
        }

        var next = membership.WithSuccession(_former, target.Id);
        if (await ChangeAsync(membership, next) is { } failed)
        {
            return failed;
        }

        set.Adopt(next);
        await set.Registers.RejoinAsync(Membership.Register, target, CancellationToken.None);
        await loop.Time.WithinAsync(
            token => set.Slots[slot].MarkFormattedAsync(target.Id, token),
            options.ProbeTimeout,
            static reason => new BlobOutcome(BlobStatus.Unavailable, Detail: reason));
        return null;
    }

    private async Task<string?> ChangeAsync(Membership from, Membership to)
    {
        var before = MembershipCodec.Encode(from);
        ReadOnlyMemory<byte>? after = MembershipCodec.Encode(to);
        var outcome = await _root.ProposeAsync(
            value => value.Span.SequenceEqual(before) || value.Span.SequenceEqual(after.Value.Span) ? after : default,
            CancellationToken.None);
        return outcome.Status switch
        {
            RegisterStatus.Chosen => null,
            RegisterStatus.Declined => "another process changed the membership",
            _ => $"the membership cannot be changed: {outcome.Detail}",
        };
    }

    /// <summary>All registers that any of the others has, and how many of the others were asked with success.</summary>
    private async Task<(SortedSet<BlobName> Names, int Listed)> RegisterNamesAsync()
    {
        var names = new SortedSet<BlobName> { Membership.Register };
        var listed = 0;
        foreach (var member in set.Members.Where(member => member.Id != _former))
        {
            var listing = await loop.Time.WithinAsync(
                token => member.Store.ListAsync("registers/", token),
                10 * options.ProbeTimeout,
                static reason => new BlobListing(BlobStatus.Unavailable, [], reason));
            listed += listing.IsOk ? 1 : 0;
            names.UnionWith(listing.Items.Select(static item => item.Name));
        }

        return (names, listed);
    }

    private async Task<string?> InstallAsync(IEnumerable<BlobName> names, IBlobStore target)
    {
        var waiting = new Queue<BlobName>(names);
        string? failed = null;
        var workers = Enumerable.Range(0, options.RejoinParallelism).Select(_ => WorkAsync()).ToArray();
        foreach (var worker in workers)
        {
            await worker;
        }

        return failed;

        async Task WorkAsync()
        {
            while (failed is null && waiting.TryDequeue(out var name))
            {
                var outcome = await set.Registers.RejoinAsync(name, target, CancellationToken.None);
                if (outcome.Status is not (RegisterStatus.Chosen or RegisterStatus.NotBorn))
                {
                    failed = $"{name} cannot be installed: {outcome.Detail}";
                }
            }
        }
    }
}
