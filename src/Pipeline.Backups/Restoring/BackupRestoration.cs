using Pipeline.Backups.Places;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Registers;
using Pipeline.Kernel.Stages;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Stores;
using Pipeline.Storage.Blobs;

namespace Pipeline.Backups.Restoring;

/// <summary>
/// Writes a backup onto blank stores, so that a service finds there what a crash at the cut would have left.
/// Invariants:
/// <list type="bullet">
/// <item>A store that ever served is refused before anything is written.</item>
/// <item>While it goes on, a blob on each store says so: no service formats or takes such a store, and another
/// attempt may begin anew. It goes when everything is there, and only then come the marks.</item>
/// <item>Activations of stages and sinks outrank all that the backed up service made, before the cut or after.</item>
/// </list>
/// </summary>
public sealed class BackupRestoration(
    BackupPlace place, IReadOnlyList<IStoreSlot> slots, Random draw, TimeProvider time)
{
    /// <summary>More activations than any instance ever has.</summary>
    private const long EpochsApart = 1L << 32;

    private const string StagePrefix = "registers/stages/";
    private static readonly Ballot Restored = Ballot.Birth.Next();
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Bytes that were written to each store so far.</summary>
    public long Written { get; private set; }

    /// <param name="backup">What is restored.</param>
    /// <param name="catalogName">The register of the catalog.</param>
    /// <param name="catalog">Its value, made for the restored service.</param>
    /// <exception cref="BackupException">Why nothing, or not all, was restored.</exception>
    public async Task RunAsync(Backup backup, BlobName catalogName, ReadOnlyMemory<byte> catalog)
    {
        if (slots.Count is not (1 or 3 or 5))
        {
            throw new BackupException($"There must be 1, 3 or 5 stores, not {slots.Count}.");
        }

        var members = await IdentifyAsync();
        foreach (var blob in backup.Blobs.Concat(backup.Logs.SelectMany(static log => log.Indexes)))
        {
            await PutAsync(members, new BlobName(blob.Name), await LoadAsync(blob.Pieces));
        }

        foreach (var log in backup.Logs)
        {
            await RestoreAsync(members, log);
        }

        foreach (var register in backup.Registers)
        {
            var name = new BlobName(register.Name);
            await InstallAsync(members, name, name == catalogName ? catalog : ValueOf(register));
        }

        // As formatting makes it: a start may end what is left to do.
        var membership = new Membership([.. members.Select(static m => new MembershipEntry(m.Slot.Name, m.Id))], []);
        var born = RegisterState.Born(MembershipCodec.Encode(membership));
        await PutAsync(members, Membership.Register, RegisterStateCodec.Encode(born));
        foreach (var (slot, _, store) in members)
        {
            await DoAsync(slot.Name, StoreFormat.Restoring.Value, token =>
                store.DeleteAsync(StoreFormat.Restoring, token));
        }

        foreach (var (slot, id, _) in members)
        {
            await DoAsync(slot.Name, "the mark", token => slot.MarkFormattedAsync(id, token));
        }
    }

    private async Task<IReadOnlyList<Member>> IdentifyAsync()
    {
        var probes = new List<StoreProbe>();
        foreach (var slot in slots)
        {
            var probe = await SlotProbes.ProbeAsync(slot, time, Limit);
            probes.Add(probe.Condition is StoreCondition.Blank or StoreCondition.Identified
                ? probe
                : throw new BackupException(probe.Condition == StoreCondition.Formatted
                    ? $"Store '{slot.Name}' has data: a backup is restored into empty stores only; nothing was changed."
                    : $"Store '{slot.Name}' does not answer as it should: {probe.Detail}"));
            if (probe.Condition == StoreCondition.Identified
                && await BackupPlace.IsOneAsync(slot.Open(probe.Id), time))
            {
                throw new BackupException(
                    $"Store '{slot.Name}': backups lie there; name a directory or container of its own. "
                        + "Nothing was changed.");
            }
        }

        var members = new List<Member>();
        foreach (var (slot, probe) in slots.Zip(probes))
        {
            var id = SlotProbes.NewId(draw);
            var identified = await time.WithinAsync(
                token => probe.Condition == StoreCondition.Blank
                    ? slot.IdentifyAsync(id, token)
                    : slot.ReplaceIdentityAsync(probe.Id, id, token),
                Limit,
                static reason => new BlobOutcome(BlobStatus.Unavailable, Detail: reason));
            if (!identified.IsOk)
            {
                throw new BackupException(identified.Status == BlobStatus.Conflict
                    ? $"Store '{slot.Name}': somebody else has just taken it, or two stores have one address."
                    : $"Store '{slot.Name}' cannot be made: {identified.Status} {identified.Detail}".TrimEnd());
            }

            var member = new Member(slot, id, slot.Open(id));
            members.Add(member);
            await PutAsync([member], StoreFormat.Restoring, "a backup is being restored here"u8.ToArray());
        }

        return members;
    }

    private async Task RestoreAsync(IReadOnlyList<Member> members, BackupLog log)
    {
        var manifest = LogManifestCodec.Decode(log.Manifest);
        foreach (var segment in log.Segments)
        {
            var name = new BlobName($"{LogNames.Prefix(manifest.Log)}{segment.Id}");
            foreach (var (slot, _, store) in members)
            {
                await DoAsync(slot.Name, name.Value, token => store.CreateAppendBlobAsync(name, token));
            }

            var position = 0L;
            foreach (var piece in segment.Pieces)
            {
                var (at, bytes) = (position, await place.LoadAsync(piece));
                foreach (var (slot, _, store) in members)
                {
                    await DoAsync(slot.Name, name.Value, token => store.AppendAsync(name, at, [bytes], token));
                }

                position += bytes.Length;
                Written += bytes.Length;
            }

            foreach (var (slot, _, store) in segment.IsOpen ? [] : members)
            {
                await DoAsync(slot.Name, name.Value, token => store.SealAsync(name, token));
            }
        }

        StoreId[] ids = [.. members.Select(static member => member.Id)];
        var restored = manifest with
        {
            // Whoever owned it owns nothing here; the next one takes over what is open.
            Owner = default,
            IsRecovering = false,
            Open = manifest.Open is { } open ? open with { Stores = ids, Quorum = (ids.Length / 2) + 1 } : null,
            Closed = [.. manifest.Closed.Select(closed => closed with { Stores = ids })],
        };
        await InstallAsync(members, LogNames.Register(manifest.Log), LogManifestCodec.Encode(restored));
    }

    private static ReadOnlyMemory<byte> ValueOf(BackupRegister register)
    {
        if (register.Name.StartsWith(StagePrefix, StringComparison.Ordinal))
        {
            var checkpoint = StageCheckpointCodec.Read(register.Value);
            return StageCheckpointCodec.Write(checkpoint with
            {
                Epoch = new Epoch(checkpoint.Epoch.Value + EpochsApart),
            });
        }

        return register.Value;
    }

    /// <summary>
    /// Accepted at a ballot above birth, by all: whoever bears the register anew, as a change does that was under way
    /// at the cut, finds that it lives already.
    /// </summary>
    private Task InstallAsync(IReadOnlyList<Member> members, BlobName name, ReadOnlyMemory<byte> value) =>
        PutAsync(members, name, RegisterStateCodec.Encode(new RegisterState(Restored, Restored, value)));

    private async Task PutAsync(IReadOnlyList<Member> members, BlobName name, ReadOnlyMemory<byte> bytes)
    {
        foreach (var (slot, _, store) in members)
        {
            await DoAsync(slot.Name, name.Value, token =>
                store.PutAsync(name, bytes, PutCondition.IfAbsent, token));
        }

        Written += bytes.Length;
    }

    private async Task<ReadOnlyMemory<byte>> LoadAsync(IReadOnlyList<BackupPiece> pieces)
    {
        var bytes = new MemoryStream();
        foreach (var piece in pieces)
        {
            bytes.Write((await place.LoadAsync(piece)).Span);
        }

        return bytes.ToArray();
    }

    private async Task DoAsync(string store, string what, Func<CancellationToken, ValueTask<BlobOutcome>> operation)
    {
        var outcome = await time.WithinAsync(
            operation, Limit, static reason => new BlobOutcome(BlobStatus.Unavailable, Detail: reason));
        if (!outcome.IsOk)
        {
            throw new BackupException(
                $"Store '{store}': {what} cannot be written: {outcome.Status} {outcome.Detail}".TrimEnd()
                    + "; the stores are of no use yet: restore again.");
        }
    }

    private sealed record Member(IStoreSlot Slot, StoreId Id, IBlobStore Store);
}
