using Pipeline.Backups;
using Pipeline.Backups.Places;
using Pipeline.Storage.AzureBlob.Addresses;

namespace Pipeline.Cli.Backups;

/// <summary>Opens places of backups, and finds backups in them.</summary>
internal static class BackupPlaces
{
    /// <summary>As the service's setting names it: a container without a name is called after that.</summary>
    private const string Name = "backup";

    /// <exception cref="BackupException">There is none.</exception>
    public static Task<BackupPlace> OpenAsync(string address)
    {
        try
        {
            return StoreAddress.TryOpen(Name, address, out var slot, out var error)
                ? BackupPlace.OpenAsync(slot, TimeProvider.System, draw: null)
                : throw new BackupException($"--from: {error}");
        }
        catch (UriFormatException wrong)
        {
            throw new BackupException($"--from: {wrong.Message}");
        }
    }

    /// <summary>The backup of this id; else the newest one, or the newest that was cut by a time.</summary>
    /// <exception cref="BackupException">There is none, or it cannot be read.</exception>
    public static async Task<Backup> FindAsync(BackupPlace place, string? id, DateTimeOffset? at = null)
    {
        if (id is not null)
        {
            return await place.ReadAsync(id) ?? throw Unknown(id);
        }

        var backups = new List<Backup>();
        foreach (var one in (await place.ListAsync()).Reverse())
        {
            try
            {
                backups.Add((await place.ReadAsync(one))!);
            }
            catch (BackupException) when (backups.Count > 0)
            {
                // An older one that cannot be read is not asked for.
            }
        }

        if (backups.DistinctBy(static one => one.Deployment).Skip(1).Any())
        {
            throw new BackupException("Backups of several services lie there: say which one by --id.");
        }

        if (backups.Find(one => at is null || one.Cut <= at) is { } found)
        {
            return found;
        }

        var backup = backups.Count > 0 ? backups[^1] : null;
        throw new BackupException(backup is null
            ? "There is no whole backup yet."
            : $"No backup was cut by {at:u}: the oldest one was at {backup.Cut.UtcDateTime:u}.");
    }

    public static BackupException Unknown(string id) =>
        new($"There is no backup '{id}'; 'pipeline backup list' shows which there are.");
}
