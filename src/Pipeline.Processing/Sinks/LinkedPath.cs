namespace Pipeline.Processing.Sinks;

/// <summary>Follows links as the system would.</summary>
internal static class LinkedPath
{
    private const int MostLinks = 40;

    /// <summary>
    /// Where an absolute path leads, without links, <c>.</c> and <c>..</c>; what does not exist stays as it is written.
    /// Throws <see cref="IOException"/> where links go round in a circle.
    /// </summary>
    public static string Resolve(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.GetFullPath(path);
        }

        var names = new Stack<string>();
        Push(names, path);
        var at = "/";
        for (var links = 0; names.TryPop(out var name);)
        {
            if (name == "..")
            {
                at = Path.GetDirectoryName(at) ?? "/";
                continue;
            }

            var next = Path.Combine(at, name);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                at = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException($"{path}: more than {MostLinks} links");
            }

            at = target.StartsWith('/') ? "/" : at;
            Push(names, target);
        }

        return at;
    }

    private static void Push(Stack<string> names, string path)
    {
        foreach (var name in path.Split('/').Reverse().Where(static name => name is not ("" or ".")))
        {
            names.Push(name);
        }
    }
}
