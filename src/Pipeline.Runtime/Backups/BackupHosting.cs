using Pipeline.Backups;
using Pipeline.Backups.Service;
using Pipeline.Definitions.Codes;
using Pipeline.Runtime.Pipelines;
using Pipeline.Storage.Directories;

namespace Pipeline.Runtime.Backups;

/// <summary>The backups of whoever keeps the pipelines.</summary>
internal static class BackupHosting
{
    public static BackupKeeper Of(PipelineHost host)
    {
        // Plans of its own: the keeper makes its on another loop.
        var settings = host.Settings.Backup;
        var plans = new PlanMemory(new StageCodes(host.Settings.CodeDirectory), host.Settings.Variables);
        return new BackupKeeper(
            settings,
            host.Stores,
            new CatalogScopes(state => DesiredState.Of(state, plans.Plan)),
            settings is null ? host.Loop : host.NewLoop("backups"),
            new Random(settings is null ? 0 : host.Draw.Next()))
        {
            Refusal = Refusal(settings, host.Settings.StoreDirectories),
            Hold = host.Trims.Take,
        };
    }

    /// <summary>A store that is lost or replaced would take the backups with it.</summary>
    private static string? Refusal(BackupSettings? settings, IReadOnlyList<string> stores)
    {
        if (settings?.Slot is not DirectorySlot { Root: var root })
        {
            return null;
        }

        var place = Folder(root);
        return stores.Select(Folder).Any(store => store.StartsWith(place, StringComparison.Ordinal)
                || place.StartsWith(store, StringComparison.Ordinal))
            ? $"{BackupSettings.ToSetting} lies in a store of this service, or around one: name a folder elsewhere."
            : null;
    }

    private static string Folder(string path) => Path.GetFullPath(path).TrimEnd('/') + "/";
}
