using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Backups;
using Pipeline.Backups.Places;
using Pipeline.Backups.Restoring;

namespace Pipeline.Cli.Backups;

/// <summary>What a place holds, in the form in which a service tells it.</summary>
internal static class BackupJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>All backups, newest first, and the last rehearsal that went well.</summary>
    public static async Task<JsonElement> ListAsync(BackupPlace place)
    {
        var backups = new List<Row>();
        foreach (var id in await place.ListAsync())
        {
            if (await ReadAsync(place, id) is { } row)
            {
                backups.Add(row);
            }
        }

        backups.AddRange((await place.ListBegunAsync()).Select(static id =>
            Failed(id, "It is not whole: it is being made, or was cut off.")));
        var drill = await place.LastDrillAsync();
        return JsonSerializer.SerializeToElement(
            new
            {
                LastDrill = drill is null ? null : new
                {
                    Time = drill.Time.UtcDateTime,
                    drill.Backup,
                    Ok = drill.IsOk,
                    drill.Seconds,
                },
                Backups = backups.OrderByDescending(static row => row.Id, StringComparer.Ordinal),
            },
            Options);
    }

    /// <summary>Null: it has just been deleted.</summary>
    private static async Task<Row?> ReadAsync(BackupPlace place, string id)
    {
        try
        {
            return await place.ReadAsync(id) is not { } backup ? null : new Row(
                id,
                "done",
                backup.Started.UtcDateTime,
                backup.Cut.UtcDateTime,
                backup.Finished.UtcDateTime,
                backup.Bytes,
                backup.NewBytes,
                backup.Events,
                null);
        }
        catch (BackupException wrong)
        {
            return Failed(id, wrong.Message);
        }
    }

    private static Row Failed(string id, string reason) =>
        new(id, "failed", BackupPrune.TimeOf(id)?.UtcDateTime, null, null, 0, 0, 0, reason);

    private sealed record Row(
        string Id,
        string State,
        DateTime? Started,
        DateTime? Cut,
        DateTime? Finished,
        long Bytes,
        long NewBytes,
        long Events,
        string? Reason);
}
