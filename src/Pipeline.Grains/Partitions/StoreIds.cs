using Pipeline.Kernel.Identity;

namespace Pipeline.Grains.Partitions;

/// <summary>
/// Ids of stores as one text, as they go between processes: reports of the same ids are equal, and are not sent again.
/// </summary>
internal static class StoreIds
{
    private const char Separator = ' ';

    public static string? Write(IReadOnlyList<StoreId>? ids) => ids is null ? null : string.Join(Separator, ids);

    /// <summary>Null where one of them is none.</summary>
    public static IReadOnlyList<StoreId>? Read(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var ids = new List<StoreId>();
        foreach (var one in text.Split(Separator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!StoreId.TryParse(one, out var id))
            {
                return null;
            }

            ids.Add(id);
        }

        return ids;
    }
}
