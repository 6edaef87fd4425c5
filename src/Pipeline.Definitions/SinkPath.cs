using System.Text;

namespace Pipeline.Definitions;

/// <summary>What a sink's path may look like; where it may lead is the host's to say.</summary>
public static class SinkPath
{
    private const int LongestName = 255;
    private const int LongestPath = 1_000;

    /// <summary>What is wrong with it ("has …", "must …"), or null.</summary>
    public static string? Mistake(string path)
    {
        if (path.Length > LongestPath)
        {
            return $"is longer than {LongestPath} characters";
        }

        if (path.Any(char.IsControl) || path.Contains('\uFFFD', StringComparison.Ordinal) || !IsText(path))
        {
            return "has characters that are no text";
        }

        if (path.Contains('\\', StringComparison.Ordinal) && !OperatingSystem.IsWindows())
        {
            return "has a '\\': folders are parted by '/'";
        }

        if (path[0] == '~')
        {
            return "begins with '~', which is not replaced: write the folder out";
        }

        return path.Split('/').Any(static name => Encoding.UTF8.GetByteCount(name) > LongestName)
            ? $"has a name of more than {LongestName} bytes"
            : null;
    }

    /// <summary>
    /// The path without <c>.</c>, empty names and a slash at the end, and without each <c>..</c> that a name is before;
    /// for comparison by the text alone, where the host's folders are not known.
    /// </summary>
    public static string Plain(string path)
    {
        var names = new List<string>();
        foreach (var name in path.Split('/').Where(static name => name is not ("" or ".")))
        {
            if (name == ".." && names.Count > 0 && names[^1] != "..")
            {
                names.RemoveAt(names.Count - 1);
            }
            else if (name != ".." || path[0] != '/')
            {
                names.Add(name);
            }
        }

        return (path[0] == '/' ? "/" : "") + string.Join('/', names);
    }

    private static bool IsText(string path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            if (char.IsSurrogate(path[i]) && (i + 1 == path.Length || !char.IsSurrogatePair(path[i], path[i++ + 1])))
            {
                return false;
            }
        }

        return true;
    }
}
