using Pipeline.Backups.Places;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Stages;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Scrubbing;
using Pipeline.Replication.Stores;

namespace Pipeline.Backups.Taking;

/// <summary>
/// Makes one backup: what a crash of everything at one moment would have left, so that a start from it is an ordinary
/// recovery. Nobody is held up. The order of reading makes the cut:
/// <list type="bullet">
/// <item>all that is not a log first: a checkpoint is never ahead of what it read or wrote, for a log that is read
/// later has all of that;</item>
/// <item>then the logs, one that is written from another before that one: whatever an output was made of is in the
/// backup too;</item>
/// <item>the catalog is the same before and after, no log begins behind a checkpoint: else all is read again.</item>
/// </list>
/// </summary>
public sealed class BackupRun
{
    private const int Attempts = 20;
    private const string StatePrefix = "registers/stages/";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PruneLimit = TimeSpan.FromHours(1);

    private readonly BackupPlace _place;
    private readonly IBackupScopes _scopes;
    private readonly BackupProgress _progress;
    private readonly TimeProvider _time;
    private readonly StoreImage _image;
    private readonly Func<bool> _isStopping;

    /// <summary>Keeps events that nobody needs any more for a while; null: they may go meanwhile.</summary>
    public Func<IDisposable>? Hold { get; init; }

    /// <summary>What tests leave out, to see that it is missed.</summary>
    internal BackupFlaws Flaws { get; init; }

    /// <param name="stores">What is copied.</param>
    /// <param name="scopes">What belongs to it.</param>
    /// <param name="place">Where it goes.</param>
    /// <param name="progress">Its id, and how far it is.</param>
    /// <param name="time">Where it waits.</param>
    /// <param name="isStopping">Whether to give up.</param>
    public BackupRun(
        IStoreSet stores,
        IBackupScopes scopes,
        BackupPlace place,
        BackupProgress progress,
        TimeProvider time,
        Func<bool> isStopping)
    {
        (_place, _scopes, _progress, _time, _isStopping) = (place, scopes, progress, time, isStopping);
        _image = new StoreImage(stores, new StoreReading(time, Limit));
    }

    /// <summary>A new id: sorts by time.</summary>
    public static string NewId(DateTimeOffset now, Random draw) =>
        $"{now.UtcDateTime:yyyyMMdd't'HHmmssfff'z'}-{draw.Next():x8}";

    /// <summary>Makes it whole, or throws; what it stored until then is of use to the next one.</summary>
    /// <exception cref="BackupException">Why there is none.</exception>
    public async Task<Backup> RunAsync()
    {
        var scope = ReadScope(await ReadCatalogAsync());
        await _place.BeginAsync(_progress.Id, scope.Deployment);
        await AwaitPrunesAsync();
        var there = await _place.ListPiecesAsync();
        var before = there.ToHashSet(StringComparer.Ordinal);
        var copy = new LogCopy(_image, _place, there, _progress) { IsFirstPass = true };
        var earlier = await _place.ListAsync();
        if (await NewestAsync(earlier, scope.Deployment) is { } latest)
        {
            copy.Learn(latest);
        }

        // Most of the bytes, without a cut: what is left for it is what came meanwhile.
        foreach (var log in scope.Logs)
        {
            await CopyAsync(copy, log);
        }

        copy.IsFirstPass = false;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (await TryAsync(copy, there) is { } backup)
            {
                return await FinishAsync(backup, before);
            }

            await _time.PauseAsync(Pause, CancellationToken.None);
        }

        throw new BackupException(
            "Definitions or retention changed what was read each time: the backup found no moment to cut at.");
    }

    /// <summary>Of this deployment; one that cannot be read is of no use here.</summary>
    private async Task<Backup?> NewestAsync(IReadOnlyList<string> ids, string deployment)
    {
        foreach (var id in ids.Reverse())
        {
            try
            {
                if (await _place.ReadAsync(id) is { } backup && backup.Deployment == deployment)
                {
                    return backup;
                }
            }
            catch (BackupException)
            {
                // Damaged: pipeline backup verify says so.
            }
        }

        return null;
    }

    private async Task<Backup> FinishAsync(Backup backup, HashSet<string> before)
    {
        // A prune that began after this backup waits for it; one before it was waited for.
        var there = await _place.ListPiecesAsync();
        if (backup.Pieces().FirstOrDefault(piece => !there.Contains(piece.Hash)) is { } gone)
        {
            throw new BackupException($"Piece {gone.Hash} was taken away while the backup was made.");
        }

        var pieces = backup.Pieces().DistinctBy(static piece => piece.Hash).ToList();
        var whole = backup with
        {
            Finished = _time.GetUtcNow(),
            Bytes = pieces.Sum(static piece => (long)piece.Bytes),
            NewBytes = pieces.Where(piece => !before.Contains(piece.Hash)).Sum(static piece => (long)piece.Bytes),
        };
        await _place.FinishAsync(whole);
        return whole;
    }

    /// <summary>Null: something changed between its begin and its end.</summary>
    private async Task<Backup?> TryAsync(LogCopy copy, HashSet<string> there)
    {
        using var held = Hold?.Invoke();
        var catalog = await ReadCatalogAsync();
        var scope = ReadScope(catalog);
        var cut = _time.GetUtcNow();
        var early = Flaws.HasFlag(BackupFlaws.LogsFirst) ? await CopyLogsAsync(copy, scope) : null;
        var registers = await ReadRegistersAsync(scope);
        if (await CopyStatesAsync(registers, there) is not { } blobs)
        {
            return null;
        }

        var logs = early ?? await CopyLogsAsync(copy, scope);
        var after = await ReadCatalogAsync();
        if ((!catalog.Span.SequenceEqual(after.Span) && !Flaws.HasFlag(BackupFlaws.AnyCatalog))
            || (!AreWithin(scope, registers, logs) && !Flaws.HasFlag(BackupFlaws.AnyCursor)))
        {
            return null;
        }

        registers.Add(_scopes.Catalog, catalog);
        return new Backup
        {
            Id = _progress.Id,
            Deployment = scope.Deployment,
            Started = _progress.Started,
            Cut = cut,
            Finished = cut,
            Bytes = 0,
            NewBytes = 0,
            Events = logs.Sum(static log => log.End - log.First),
            Registers = [.. registers.Select(static entry =>
                new BackupRegister(entry.Key.Value, entry.Value.ToArray()))],
            Blobs = blobs,
            Logs = logs,
        };
    }

    /// <summary>In the scope's order.</summary>
    private async Task<List<BackupLog>> CopyLogsAsync(LogCopy copy, BackupScope scope)
    {
        var logs = new List<BackupLog>();
        foreach (var log in Flaws.HasFlag(BackupFlaws.InputsFirst) ? scope.Logs.Reverse() : scope.Logs)
        {
            logs.Add(await CopyAsync(copy, log));
        }

        return logs;
    }

    private Task<BackupLog> CopyAsync(LogCopy copy, BackupScopeLog log) => _isStopping()
        ? throw new BackupException("The service stops.")
        : copy.RunAsync(log, _time);

    /// <summary>All registers but the catalog, the list of stores and the logs'.</summary>
    private async Task<SortedDictionary<BlobName, ReadOnlyMemory<byte>>> ReadRegistersAsync(BackupScope scope)
    {
        var registers = new SortedDictionary<BlobName, ReadOnlyMemory<byte>>();
        foreach (var name in await _image.ListRegistersAsync())
        {
            if (name != Membership.Register && name != _scopes.Catalog && !LogNames.TryParseRegister(name, out _)
                && await _image.ReadRegisterAsync(name) is { } value)
            {
                registers.Add(name, value);
            }
        }

        var missing = scope.Readers.FirstOrDefault(reader => !registers.ContainsKey(reader.Register));
        return missing is null
            ? registers
            : throw new BackupException($"{missing.Register}: no majority of the stores tells its name.");
    }

    /// <summary>The states that the checkpoints name; null where one was replaced meanwhile.</summary>
    private async Task<List<BackupBlob>?> CopyStatesAsync(
        SortedDictionary<BlobName, ReadOnlyMemory<byte>> registers, HashSet<string> there)
    {
        var blobs = new List<BackupBlob>();
        foreach (var (name, value) in registers.Where(static entry =>
            entry.Key.Value.StartsWith(StatePrefix, StringComparison.Ordinal)))
        {
            foreach (var blob in StageCheckpointCodec.Read(value.Span).Blobs)
            {
                if (await _image.ReadStateAsync(blob) is not { } state)
                {
                    return null;
                }

                var (pieces, added) = await _place.StoreAsync(state, there);
                _progress.Add(added);
                blobs.Add(new BackupBlob(blob.Value, pieces));
            }
        }

        return blobs;
    }

    /// <summary>Whether every checkpoint lies within its log.</summary>
    private static bool AreWithin(
        BackupScope scope, SortedDictionary<BlobName, ReadOnlyMemory<byte>> registers, List<BackupLog> logs)
    {
        var copies = logs.ToDictionary(static copy => copy.Log);
        var ends = scope.Logs.ToDictionary(static log => log.Log, log => (Scope: log, Copy: copies[$"{log.Log}"]));
        foreach (var reader in scope.Readers)
        {
            var cursor = StageCheckpointCodec.Read(registers[reader.Register].Span).Cursor;
            var (log, copy) = ends[reader.Input];
            if (cursor > copy.End || (cursor < copy.First && !log.IsHard))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A prune that is under way deletes what is not in a whole backup.</summary>
    private async Task AwaitPrunesAsync()
    {
        var since = _time.GetTimestamp();
        while (await _place.ListPrunesAsync() is { Count: > 0 } prunes)
        {
            if (_time.GetElapsedTime(since) > PruneLimit)
            {
                throw new BackupException(
                    $"A prune has not ended for an hour: if none runs, delete prune/{prunes[0]} at the backups.");
            }

            await _time.PauseAsync(Pause, CancellationToken.None);
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadCatalogAsync() =>
        await _image.ReadRegisterAsync(_scopes.Catalog)
            ?? throw new BackupException("There is no catalog: the stores were formatted just now.");

    private BackupScope ReadScope(ReadOnlyMemory<byte> catalog)
    {
        try
        {
            return _scopes.Read(catalog.Span);
        }
        catch (InvalidDataException wrong)
        {
            throw new BackupException($"The catalog cannot be read here: {wrong.Message}");
        }
    }
}
