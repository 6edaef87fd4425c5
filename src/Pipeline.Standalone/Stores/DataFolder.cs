using Pipeline.Standalone.Options;

namespace Pipeline.Standalone.Stores;

/// <summary>The folders of the options, before anything is opened in them.</summary>
internal static class DataFolder
{
    /// <summary>Makes the data folder where directory stores lie in it; what is wrong with it, one line each.</summary>
    public static IEnumerable<string> Errors(StandaloneOptions options)
    {
        if (File.Exists(options.Code))
        {
            yield return $"--code: '{options.Code}' is a file; it must be a folder with assemblies (*.dll).";
        }

        if (File.Exists(options.Data))
        {
            yield return $"--data: '{options.Data}' is a file; it must be a folder, which is made where there is none.";
        }
        else if (options.NamedStores.Count == 0 && CreateError(options.Data) is { } error)
        {
            yield return $"--data: the folder '{options.Data}' cannot be made: {error}";
        }
    }

    private static string? CreateError(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return exception.Message;
        }
    }
}
