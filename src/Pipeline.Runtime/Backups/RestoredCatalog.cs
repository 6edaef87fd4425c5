using Pipeline.Backups;
using Pipeline.Backups.Places;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Backups;

/// <summary>
/// The catalog that a restore writes: it remembers where each log ended, so that sinks tell events before from events
/// after, and targets that have gone on from those that have not.
/// </summary>
public static class RestoredCatalog
{
    /// <summary>The register that it is the value of.</summary>
    public static BlobName Name => CatalogRegister.Name;

    /// <summary>All pipelines paused.</summary>
    public static CatalogState Paused(CatalogState state) => state with
    {
        Pipelines = [.. state.Pipelines.Select(static pipeline => pipeline with { IsPaused = true })],
    };

    /// <summary>The same, and no event is old enough to go: what is restored stays as it is.</summary>
    public static CatalogState AtRest(CatalogState state) => Paused(state) with
    {
        Streams =
        [
            .. state.Streams.Select(static stream => stream with
            {
                Definition = stream.Definition with { Retention = null },
            }),
        ],
    };

    /// <summary>A backup's catalog as it is to be written; it is read before anything is.</summary>
    /// <param name="backup">What is restored.</param>
    /// <param name="draw">Chance for the history.</param>
    /// <param name="change">What else is to be changed; null: nothing.</param>
    /// <exception cref="BackupException">Another program's catalog, or none.</exception>
    public static ReadOnlyMemory<byte> Of(
        Backup backup, Random draw, Func<CatalogState, CatalogState>? change = null)
    {
        var register = backup.Registers.FirstOrDefault(static one => one.Name == Name.Value)
            ?? throw new BackupException($"Backup {backup.Id} has no catalog.");
        try
        {
            var state = CatalogCodec.Read(register.Value);
            var history = draw.NextInt64().ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
            var restored = state with
            {
                Restored = [.. state.Restored, .. Ends(state, backup, history)],
            };
            return CatalogCodec.Write(change?.Invoke(restored) ?? restored);
        }
        catch (InvalidDataException wrong)
        {
            throw new BackupException($"The catalog of backup {backup.Id} cannot be read here: {wrong.Message}");
        }
    }

    private static IEnumerable<CatalogRestoredLog> Ends(CatalogState state, Backup backup, string history)
    {
        var ends = backup.Logs.ToDictionary(static log => log.Log, static log => log.End);
        return from stream in state.Streams
               from partition in Enumerable.Range(0, stream.Definition.Partitions)
               let log = new LogId(stream.Id, partition)
               where ends.ContainsKey($"{log}")
               select new CatalogRestoredLog(log, ends[$"{log}"], history);
    }
}
