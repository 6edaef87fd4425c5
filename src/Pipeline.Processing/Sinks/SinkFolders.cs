namespace Pipeline.Processing.Sinks;

/// <summary>
/// Which directories sinks may write to: below the data folder, or where the host's setting allows it, and never where
/// stores lie. All paths are resolved.
/// </summary>
/// <param name="Data">The data folder.</param>
/// <param name="Allowed">Other folders, they themselves among them.</param>
/// <param name="Stores">Where stores lie.</param>
internal sealed record SinkFolders(string Data, IReadOnlyList<string> Allowed, IReadOnlyList<string> Stores)
{
    /// <summary>The setting that allows more folders: a comma list.</summary>
    public const string Setting = "Pipeline:Sinks:Paths";

    /// <summary>Why a sink may not write there ("leads …"), or null.</summary>
    public string? Refusal(string directory)
    {
        if (Stores.Any(store => IsIn(store, directory)))
        {
            return "leads to where stores lie";
        }

        if (Allowed.Any(allowed => IsIn(allowed, directory)))
        {
            return null;
        }

        if (directory == Data)
        {
            return "leads to the data folder itself: name a folder below it";
        }

        return IsIn(Data, directory)
            ? null
            : $"leads out of the data folder: whoever runs the host allows other folders by the setting {Setting}";
    }

    private static bool IsIn(string folder, string directory) => directory == folder
        || directory.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
