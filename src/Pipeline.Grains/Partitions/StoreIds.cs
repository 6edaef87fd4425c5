using Pipeline.Kernel.Identity;

namespace Pipeline.Grains.Partitions;

/// <summary>Ids of stores as text, as they go between processes.</summary>
internal static class StoreIds
{
    public static string[]? Write(IReadOnlyList<StoreId>? ids) =>
        ids is null ? null : [.. ids.Select(static id => id.ToString())];

    /// <summary>Null where one of them is none.</summary>
    public static IReadOnlyList<StoreId>? Read(string[]? texts)
    {
        if (texts is null)
        {
            return null;
        }

        var ids = new List<StoreId>(texts.Length);
        foreach (var text in texts)
        {
            if (!StoreId.TryParse(text, out var id))
            {
                return null;
            }

            ids.Add(id);
        }

        return ids;
    }
}
