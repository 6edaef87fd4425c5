using System.Text;
using System.Text.Json;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Scrubbing;
using Pipeline.Replication.Stores;
using Pipeline.Storage.Blobs;

namespace Pipeline.Backups.Places;

/// <summary>
/// A directory or container of backups. It is identified as a store is, but never formatted as one, so that no service
/// takes it for a store, and no backup goes into a store. All blobs are written once. Used by one thread of control.
/// </summary>
public sealed class BackupPlace
{
    /// <summary>Of a piece, at most.</summary>
    public const int PieceBytes = 4 << 20;

    private const string BackupPrefix = "backups/";
    private const string BegunPrefix = "begun/";
    private const string PrunePrefix = "prune/";
    private const string DataPrefix = "data/";
    private const string DrillPrefix = "drills/";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly IBlobStore _store;
    private readonly StoreReading _reading;

    private BackupPlace(IBlobStore store, StoreReading reading) => (_store, _reading) = (store, reading);

    /// <summary>
    /// Opens a place; makes one of a blank directory or container where <paramref name="draw"/> is given.
    /// </summary>
    /// <exception cref="BackupException">It cannot be used: a store lies there, or nothing, or it does not answer.
    /// </exception>
    public static async Task<BackupPlace> OpenAsync(IStoreSlot slot, TimeProvider time, Random? draw)
    {
        var probe = await SlotProbes.ProbeAsync(slot, time, Limit);
        if (probe.Condition == StoreCondition.Blank && draw is not null)
        {
            var identified = await time.WithinAsync(
                token => slot.IdentifyAsync(SlotProbes.NewId(draw), token),
                Limit,
                static reason => new BlobOutcome(BlobStatus.Unavailable, Detail: reason));
            if (!identified.IsOk && identified.Status != BlobStatus.Conflict)
            {
                throw new BackupException($"The backups' place cannot be made: {identified.Detail}");
            }

            probe = await SlotProbes.ProbeAsync(slot, time, Limit);
        }

        return probe.Condition switch
        {
            StoreCondition.Identified => new BackupPlace(slot.Open(probe.Id), new StoreReading(time, Limit)),
            StoreCondition.Formatted => throw new BackupException(
                "A store of a service lies where the backups are to be: name a directory or container of its own."),
            StoreCondition.Blank => throw new BackupException("There are no backups: nothing lies there."),
            _ => throw new BackupException($"The backups' place does not answer as it should: {probe.Detail}"),
        };
    }

    /// <summary>Whether backups lie, or were begun, in an identified directory or container.</summary>
    public static async Task<bool> IsOneAsync(IBlobStore store, TimeProvider time)
    {
        var reading = new StoreReading(time, Limit);
        foreach (var prefix in (string[])[BackupPrefix, BegunPrefix, DataPrefix])
        {
            var listing = await reading.ListAsync(store, prefix);
            if (!listing.IsOk || listing.Items.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The ids of all whole backups, oldest first.</summary>
    public async Task<IReadOnlyList<string>> ListAsync() =>
        [.. (await NamesAsync(BackupPrefix)).Order(StringComparer.Ordinal)];

    /// <summary>The ids of backups that were begun and are not whole, oldest first.</summary>
    public async Task<IReadOnlyList<string>> ListBegunAsync()
    {
        var whole = (await NamesAsync(BackupPrefix)).ToHashSet(StringComparer.Ordinal);
        return [.. (await NamesAsync(BegunPrefix)).Where(id => !whole.Contains(id)).Order(StringComparer.Ordinal)];
    }

    /// <summary>The hashes of all pieces.</summary>
    public async Task<HashSet<string>> ListPiecesAsync() =>
        (await NamesAsync(DataPrefix)).ToHashSet(StringComparer.Ordinal);

    /// <summary>When prunes that are under way, or were cut off, began.</summary>
    public async Task<IReadOnlyList<string>> ListPrunesAsync() => [.. await NamesAsync(PrunePrefix)];

    /// <summary>A whole backup; null: there is none of this id.</summary>
    /// <exception cref="BackupException">It cannot be read.</exception>
    public async Task<Backup?> ReadAsync(string id)
    {
        var content = IsId(id) ? await _reading.GetAsync(_store, new BlobName(BackupPrefix + id)) : default;
        if (!IsId(id) || content.Status == BlobStatus.NotFound)
        {
            return null;
        }

        if (!content.IsOk || content.IsDamaged)
        {
            throw new BackupException($"Backup {id} cannot be read: {content.Detail ?? $"{content.Status}"}");
        }

        Backup? backup;
        try
        {
            backup = JsonSerializer.Deserialize<Backup>(content.Bytes.Span, Json);
        }
        catch (JsonException wrong)
        {
            throw new BackupException($"Backup {id} cannot be read: {wrong.Message}");
        }

        if (backup is { Format: Backup.CurrentFormat } && backup.Id != id)
        {
            throw new BackupException($"Backup {id} is a copy of {backup.Id} under another name: delete it.");
        }

        return backup is { Format: Backup.CurrentFormat }
            ? backup
            : throw new BackupException($"Backup {id} has format {backup?.Format}, which this program does not know.");
    }

    /// <summary>
    /// Says that a backup is under way, before it looks at what is there. Those of the same deployment that were begun
    /// before were cut off: one makes them, one at a time.
    /// </summary>
    public async Task BeginAsync(string id, string deployment)
    {
        foreach (var begun in await ListBegunAsync())
        {
            var content = await _reading.GetAsync(_store, new BlobName(BegunPrefix + begun));
            if (content.IsOk && content.Bytes.Span.SequenceEqual(Encoding.UTF8.GetBytes(deployment)))
            {
                await DeleteAsync(BegunPrefix + begun);
            }
        }

        await PutAsync(BegunPrefix + id, Encoding.UTF8.GetBytes(deployment));
    }

    /// <summary>Says that a prune is under way, before it looks at what is there.</summary>
    public Task BeginPruneAsync(string id) => PutAsync(PrunePrefix + id, "{}"u8.ToArray());

    /// <summary>Makes a backup whole.</summary>
    public async Task FinishAsync(Backup backup)
    {
        await PutAsync(BackupPrefix + backup.Id, JsonSerializer.SerializeToUtf8Bytes(backup, Json));
        await DeleteAsync(BegunPrefix + backup.Id);
    }

    /// <summary>Forgets that a backup was begun, or a whole one; pieces stay until they are pruned.</summary>
    public async Task ForgetAsync(string id)
    {
        await DeleteAsync(BackupPrefix + id);
        await DeleteAsync(BegunPrefix + id);
    }

    /// <summary>Keeps that a restore was rehearsed.</summary>
    public Task RecordDrillAsync(BackupDrill drill) => PutAsync(
        $"{DrillPrefix}{drill.Time.UtcDateTime:yyyyMMdd't'HHmmssfff'z'}",
        JsonSerializer.SerializeToUtf8Bytes(drill, Json));

    /// <summary>The last rehearsal that went well; null: there was none.</summary>
    public async Task<BackupDrill?> LastDrillAsync()
    {
        foreach (var name in (await NamesAsync(DrillPrefix)).OrderDescending(StringComparer.Ordinal))
        {
            var content = await _reading.GetAsync(_store, new BlobName(DrillPrefix + name));
            if (content is { IsOk: true, IsDamaged: false }
                && JsonSerializer.Deserialize<BackupDrill>(content.Bytes.Span, Json) is { IsOk: true } drill)
            {
                return drill;
            }
        }

        return null;
    }

    public Task EndPruneAsync(string id) => DeleteAsync(PrunePrefix + id);

    public Task DeletePieceAsync(string hash) => DeleteAsync(DataPrefix + hash);

    /// <summary>
    /// Stores bytes in pieces, those that are not in <paramref name="there"/> yet; gives the pieces and how many bytes
    /// were new.
    /// </summary>
    public async Task<(IReadOnlyList<BackupPiece> Pieces, long New)> StoreAsync(
        ReadOnlyMemory<byte> bytes, HashSet<string> there)
    {
        var (pieces, added) = (new List<BackupPiece>(), 0L);
        for (var at = 0; at < bytes.Length; at += PieceBytes)
        {
            var piece = bytes.Slice(at, Math.Min(PieceBytes, bytes.Length - at));
            var hash = $"{Hash256.Of(piece.Span)}";
            if (!there.Contains(hash))
            {
                await PutAsync(DataPrefix + hash, piece);
                there.Add(hash);
                added += piece.Length;
            }

            pieces.Add(new BackupPiece(hash, piece.Length));
        }

        return (pieces, added);
    }

    /// <summary>The bytes of a piece.</summary>
    /// <exception cref="BackupException">It is missing, cannot be read, or is damaged.</exception>
    public async Task<ReadOnlyMemory<byte>> LoadAsync(BackupPiece piece)
    {
        var content = await _reading.GetAsync(_store, new BlobName(DataPrefix + piece.Hash));
        return content.IsOk && content.Bytes.Length == piece.Bytes && $"{Hash256.Of(content.Bytes.Span)}" == piece.Hash
            ? content.Bytes
            : throw new BackupException(content.Status switch
            {
                BlobStatus.Ok => $"Piece {piece.Hash} is damaged.",
                BlobStatus.NotFound => $"Piece {piece.Hash} is missing.",
                _ => $"Piece {piece.Hash} cannot be read: {content.Detail ?? $"{content.Status}"}",
            });
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= 64 && id.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    private async Task PutAsync(string name, ReadOnlyMemory<byte> bytes)
    {
        var put = await _reading.PutAsync(_store, new BlobName(name), bytes, PutCondition.IfAbsent);
        if (!put.IsOk && put.Status != BlobStatus.Conflict)
        {
            throw new BackupException($"{name} cannot be written: {put.Status} {put.Detail}".TrimEnd());
        }
    }

    private async Task DeleteAsync(string name)
    {
        var deleted = await _reading.DeleteAsync(_store, new BlobName(name));
        if (!deleted.IsOk)
        {
            throw new BackupException($"{name} cannot be deleted: {deleted.Status} {deleted.Detail}".TrimEnd());
        }
    }

    private async Task<IEnumerable<string>> NamesAsync(string prefix)
    {
        var listing = await _reading.ListAsync(_store, prefix);
        return listing.IsOk
            ? listing.Items.Select(item => item.Name.Value[prefix.Length..])
            : throw new BackupException($"The backups cannot be listed: {listing.Status} {listing.Detail}".TrimEnd());
    }
}
