using Pipeline.Backups;
using Pipeline.Backups.Places;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Cli.Backups;

/// <summary>Changes to the catalog of a backup before it is restored.</summary>
internal static class RestoredCatalog
{
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

    /// <summary>A backup's catalog, changed: it is read before anything is written.</summary>
    /// <exception cref="BackupException">Another program's catalog, or none.</exception>
    public static Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> Of(
        Backup backup, Func<CatalogState, CatalogState> change)
    {
        var register = backup.Registers.FirstOrDefault(
            static one => one.Name == CatalogRegister.Name.Value)
            ?? throw new BackupException($"Backup {backup.Id} has no catalog.");
        try
        {
            ReadOnlyMemory<byte> changed = CatalogCodec.Write(change(CatalogCodec.Read(register.Value)));
            return _ => changed;
        }
        catch (InvalidDataException wrong)
        {
            throw new BackupException($"The catalog of backup {backup.Id} cannot be read here: {wrong.Message}");
        }
    }
}
