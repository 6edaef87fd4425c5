using Pipeline.Backups;
using Pipeline.Definitions;
using Pipeline.Processing.Instances;
using Pipeline.Processing.Sinks;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Reads what a host's configuration says about definitions and sinks; the same on every host.</summary>
public static class PipelineSettingsReader
{
    /// <param name="data">Where relative paths of file sinks start.</param>
    /// <param name="code">Where assemblies with C# stages lie.</param>
    /// <param name="setting">Looks up a setting by its whole name; null where there is none.</param>
    /// <param name="variables">The environment that <c>${NAME}</c> may read, as far as the settings allow.</param>
    /// <param name="errors">Gets what is wrong, with the setting's name.</param>
    public static PipelineSettings Read(
        string data,
        string code,
        Func<string, string?> setting,
        Func<string, string?> variables,
        ICollection<string> errors)
    {
        var paths = (setting(SinkFolders.Setting) ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var path in paths.Where(static path => !Path.IsPathRooted(path)))
        {
            errors.Add($"{SinkFolders.Setting} must name folders by absolute paths, not '{path}'.");
        }

        return new PipelineSettings
        {
            DataDirectory = Path.GetFullPath(data),
            CodeDirectory = Path.GetFullPath(code),
            SinkPaths = paths,
            WebhookHosts = WebhookHosts.Read(setting(WebhookHosts.Setting), errors),
            Backup = BackupSettings.Read(setting, errors),
            Limits = CatalogLimits.Read(setting, errors),
            Variables = DefinitionVariables.Of(setting(DefinitionVariables.Setting), variables),
        };
    }
}
