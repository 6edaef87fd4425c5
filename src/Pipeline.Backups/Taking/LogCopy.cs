using Pipeline.Backups.Places;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Loops;

namespace Pipeline.Backups.Taking;

/// <summary>
/// Copies logs into a place, as far as they go when they are read. Of closed segments that were copied before, only
/// the names are looked at.
/// </summary>
internal sealed class LogCopy(StoreImage image, BackupPlace place, HashSet<string> there, BackupProgress progress)
{
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>By hash of the whole segment.</summary>
    private readonly Dictionary<string, BackupSegment> _known = new(StringComparer.Ordinal);

    /// <summary>Segments that another backup has need not be read again.</summary>
    public void Learn(Backup earlier)
    {
        foreach (var segment in earlier.Logs.SelectMany(static log => log.Segments))
        {
            if (!segment.IsOpen && segment.Pieces.All(piece => there.Contains(piece.Hash)))
            {
                _known.TryAdd(segment.Hash, segment);
            }
        }
    }

    /// <summary>
    /// Of the open segment only whole pieces are stored from here on: it still grows, and will be read again.
    /// </summary>
    public bool IsFirstPass { get; set; }

    /// <summary>
    /// Everything that was committed before the call, and what is kept of it. Segments may close, roll and go
    /// meanwhile: then it looks again.
    /// </summary>
    public async Task<BackupLog> RunAsync(BackupScopeLog log, TimeProvider time)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            await time.PauseAsync(attempt == 0 ? TimeSpan.Zero : Pause, CancellationToken.None);
            if (await TryAsync(log) is { } copy)
            {
                progress.AddLog();
                return copy;
            }
        }

        throw new BackupException(
            $"Log {log.Log} of stream '{log.Stream}' cannot be read whole from a majority of the stores: "
                + "pipeline verify says what is missing.");
    }

    private async Task<BackupLog?> TryAsync(BackupScopeLog log)
    {
        if (await image.ReadRegisterAsync(LogNames.Register(log.Log)) is not { } value)
        {
            return null;
        }

        var manifest = LogManifestCodec.Decode(value.Span);
        if (await image.ReadContentsAsync(manifest) is not { } contents)
        {
            return null;
        }

        var indexes = new List<BackupBlob>();
        foreach (var (hash, bytes) in contents.Indexes)
        {
            indexes.Add(new BackupBlob(LogNames.Index(log.Log, hash).Value, await StoreAsync(bytes)));
        }

        var segments = new List<BackupSegment>();
        foreach (var closed in contents.Segments.OrderBy(static segment => segment.Id.Number))
        {
            if (await CopyAsync(log.Log, closed) is not { } segment)
            {
                return null;
            }

            segments.Add(segment);
        }

        var end = manifest.ClosedEnd;
        if (manifest.Open is { } open)
        {
            if (await image.ReadOpenAsync(log.Log, open, isAnyGood: IsFirstPass) is not { } copy)
            {
                return null;
            }

            end = copy.End;
            var whole = copy.Frames.Length - (copy.Frames.Length % BackupPlace.PieceBytes);
            var frames = IsFirstPass ? copy.Frames[..whole] : copy.Frames;
            segments.Add(new BackupSegment(
                $"{open.Id}", true, frames.Length, $"{Hash256.Of(frames.Span)}", await StoreAsync(frames)));
        }

        return new BackupLog(
            $"{log.Log}",
            log.Stream.Value,
            log.Log.Partition,
            manifest.First.Value,
            end.Value,
            value.ToArray(),
            indexes,
            segments);
    }

    private async Task<BackupSegment?> CopyAsync(LogId log, ClosedSegment closed)
    {
        var hash = $"{closed.Hash}";
        if (_known.TryGetValue(hash, out var known))
        {
            return known with { Id = $"{closed.Id}" };
        }

        if (await image.ReadClosedAsync(log, closed) is not { } bytes)
        {
            return null;
        }

        // Reading it compared the hash.
        return _known[hash] = new BackupSegment($"{closed.Id}", false, bytes.Length, hash, await StoreAsync(bytes));
    }

    private async Task<IReadOnlyList<BackupPiece>> StoreAsync(ReadOnlyMemory<byte> bytes)
    {
        var (pieces, added) = await place.StoreAsync(bytes, there);
        progress.Add(added);
        return pieces;
    }
}
