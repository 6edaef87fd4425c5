namespace Pipeline.Runtime.Catalog;

/// <summary>A text that was in force.</summary>
/// <param name="Generation">Its generation.</param>
/// <param name="Text">As it was applied.</param>
/// <param name="MediaType">Of the text.</param>
/// <param name="Time">When it was replaced, ticks UTC; for people.</param>
public sealed record CatalogVersion(long Generation, string Text, string MediaType, long Time)
{
    /// <summary>Characters of earlier texts that a pipeline keeps at most.</summary>
    public const int MostText = 64 << 10;

    /// <summary>Earlier texts that a pipeline keeps at most.</summary>
    public const int MostVersions = 20;

    /// <summary>With one more, and without those there is no room for.</summary>
    public static IReadOnlyList<CatalogVersion> Add(IReadOnlyList<CatalogVersion> before, CatalogVersion added)
    {
        var kept = new List<CatalogVersion>();
        var room = MostText;
        foreach (var version in before.Append(added).Reverse().Take(MostVersions))
        {
            room -= version.Text.Length;
            if (room < 0)
            {
                break;
            }

            kept.Insert(0, version);
        }

        return kept;
    }
}
