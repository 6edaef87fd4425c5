using Pipeline.Backups;
using Pipeline.Backups.Places;
using Pipeline.Backups.Restoring;

namespace Pipeline.Cli.Backups;

/// <summary>What reading all of a backup found.</summary>
/// <param name="Id">Which.</param>
/// <param name="Bytes">Bytes that it consists of; 0 where that cannot be read.</param>
/// <param name="Events">Events in it; 0 where that cannot be read.</param>
/// <param name="Findings">What is wrong, a sentence each.</param>
internal sealed record BackupCheck(string Id, long Bytes, long Events, IReadOnlyList<string> Findings)
{
    public bool IsOk => Findings.Count == 0;

    /// <summary>Reads it; null: there is none of this id.</summary>
    public static async Task<BackupCheck?> RunAsync(BackupPlace place, string id)
    {
        Backup? backup = null;
        try
        {
            backup = await place.ReadAsync(id);
            return backup is null
                ? null
                : new BackupCheck(
                    id, backup.Bytes, backup.Events, await new BackupVerification(place).RunAsync(backup));
        }
        catch (Exception wrong) when (wrong is BackupException or InvalidDataException)
        {
            return new BackupCheck(id, backup?.Bytes ?? 0, backup?.Events ?? 0, [wrong.Message]);
        }
    }
}
