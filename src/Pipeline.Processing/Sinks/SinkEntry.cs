using Pipeline.Definitions;

namespace Pipeline.Processing.Sinks;

/// <summary>Enters a sink's directory: finds it, makes sure that it may be written to, and claims it.</summary>
internal static class SinkEntry
{
    /// <summary>
    /// The resolved directory, or why the sink may not write there; <paramref name="cursor"/> is its checkpoint's.
    /// </summary>
    public static async ValueTask<(string? Directory, string? Refusal)> EnterAsync(
        FileSinkSetup setup, long cursor, CancellationToken cancellationToken)
    {
        var path = setup.Files.Path;
        if (setup.Files is FileSinkDefinition files)
        {
            var directories = new SinkDirectories(setup.Directory, setup.Settings);
            path = await setup.Directory.ResolveAsync(directories.Full(files), cancellationToken);
            var folders = await directories.FoldersAsync(cancellationToken);
            if (folders.Refusal(path) is { } outside)
            {
                return (null, $"the path {setup.Files.WrittenPath ?? setup.Files.Path} {outside}");
            }
        }

        try
        {
            await setup.Directory.CreateAsync(path, cancellationToken);
        }
        catch (IOException error)
        {
            return (null, Refusal(setup, SinkDirectories.Shown(setup.Files, error.Message)));
        }

        var own = setup.Claim();
        if (await setup.Directory.ReadClaimAsync(path, cancellationToken) is not { } claim)
        {
            var names = await setup.Directory.ListAsync(path, cancellationToken);
            if (cursor == 0 && names.FirstOrDefault(SinkFileName.IsOne) is { } file)
            {
                return (null, Refusal(setup, $"it holds files that nobody claims, as {file}"));
            }

            claim = await setup.Directory.ClaimAsync(path, own.Write(), cancellationToken);
        }

        return own.Refusal(claim) is { } refusal ? (null, Refusal(setup, refusal)) : (path, null);
    }

    private static string Refusal(FileSinkSetup setup, string reason) =>
        $"the directory {setup.Files.WrittenPath ?? setup.Files.Path} cannot be used: {reason.TrimEnd('.')}. Give the "
        + $"sink another path, or move what lies there away, with {SinkFileName.Claim}; it tries again by itself";
}
