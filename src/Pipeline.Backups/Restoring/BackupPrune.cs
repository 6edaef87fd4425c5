using Pipeline.Backups.Places;

namespace Pipeline.Backups.Restoring;

/// <summary>
/// Deletes old backups and the pieces that no other one needs. A backup says that it begins before it looks at what is
/// there, and so does a prune: of the two one sees the other.
/// </summary>
public sealed class BackupPrune(BackupPlace place, TimeProvider time)
{
    /// <summary>A backup that began longer ago was cut off.</summary>
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>
    /// Keeps the newest <paramref name="count"/> backups of each service, or those younger than <paramref name="age"/>,
    /// and always the newest one; what was deleted.
    /// </summary>
    /// <exception cref="BackupException">A backup is being made, or the place does not answer.</exception>
    public async Task<(int Backups, int Pieces)> RunAsync(int? count, TimeSpan? age)
    {
        var now = time.GetUtcNow();
        var mark = $"{now.UtcDateTime:yyyyMMdd't'HHmmssfff'z'}";
        await place.BeginPruneAsync(mark);
        try
        {
            return await PruneAsync(now, count, age);
        }
        finally
        {
            await place.EndPruneAsync(mark);
        }
    }

    /// <summary>When a backup of this id began; null: it is no id.</summary>
    public static DateTimeOffset? TimeOf(string id) => DateTimeOffset.TryParseExact(
        id.Split('-')[0],
        "yyyyMMdd't'HHmmssfff'z'",
        System.Globalization.CultureInfo.InvariantCulture,
        System.Globalization.DateTimeStyles.AssumeUniversal,
        out var time)
        ? time
        : null;

    private async Task<(int Backups, int Pieces)> PruneAsync(DateTimeOffset now, int? count, TimeSpan? age)
    {
        foreach (var begun in await place.ListBegunAsync())
        {
            if (TimeOf(begun) is { } time && now - time < Abandoned)
            {
                throw new BackupException(
                    $"Backup {begun} is being made, or was cut off less than a day ago: prune when it is whole. Where "
                        + $"nobody makes it any more, delete begun/{begun} where the backups lie.");
            }

            await place.ForgetAsync(begun);
        }

        var backups = new List<Backup>();
        foreach (var id in await place.ListAsync())
        {
            backups.Add((await place.ReadAsync(id))!);
        }

        // Several services may share a place: each has its own newest ones.
        var old = backups.GroupBy(static backup => backup.Deployment)
            .SelectMany(own => own.SkipLast(1).Where((backup, i) => count is { } most
                ? i < own.Count() - most
                : now - TimeOf(backup.Id) > age))
            .ToList();
        foreach (var backup in old)
        {
            await place.ForgetAsync(backup.Id);
        }

        var unneeded = await place.ListPiecesAsync();
        foreach (var backup in backups.Except(old))
        {
            unneeded.ExceptWith(backup.Pieces().Select(static piece => piece.Hash));
        }

        foreach (var hash in unneeded)
        {
            await place.DeletePieceAsync(hash);
        }

        return (old.Count, unneeded.Count);
    }
}
