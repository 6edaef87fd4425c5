namespace Pipeline.Definitions;

/// <summary>Finds the name someone probably meant (Levenshtein distance of at most a third of its length).</summary>
internal static class NameSuggestion
{
    private const int LongestName = 150;

    /// <summary>" Did you mean 'x'?" or nothing.</summary>
    public static string For(string name, IEnumerable<string> known)
    {
        var best = (name.Length > LongestName ? [] : known)
            .Where(candidate => Math.Abs(candidate.Length - name.Length) <= Math.Max(1, candidate.Length / 3))
            .Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .Where(pair => pair.distance <= Math.Max(1, pair.candidate.Length / 3))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
        return best is null ? "" : $" Did you mean '{best}'?";
    }

    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var above = row[j];
                var change = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }

        return row[^1];
    }
}
