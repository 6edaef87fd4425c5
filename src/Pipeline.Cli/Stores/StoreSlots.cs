using Pipeline.Storage.AzureBlob.Containers;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;

namespace Pipeline.Cli.Stores;

/// <summary>The stores a command works on.</summary>
internal static class StoreSlots
{
    public static IReadOnlyList<IStoreSlot> Of(string data, IReadOnlyList<string> named, out string? error)
    {
        error = null;
        if (named.Count > 0)
        {
            var pairs = named.Select(n => n.Split('=', 2)).ToList();
            error = pairs.Any(p => p.Length < 2 || p[1].Length == 0) ? "--store needs name=address." : null;
            return error is null ? [.. pairs.Select(p => Of(p[0], p[1]))] : [];
        }

        var folder = Path.Combine(data, "stores");
        if (!Directory.Exists(folder))
        {
            error = $"There are no stores in '{folder}'; say --data or --store.";
            return [];
        }

        var most = Directory.EnumerateDirectories(folder)
            .Select(d => int.TryParse(Path.GetFileName(d), out var number) ? number : 0)
            .DefaultIfEmpty(0)
            .Max();
        var count = most <= 1 ? most : most <= 3 ? 3 : 5;
        error = most == 0 ? $"There are no stores in '{folder}'." : null;
        return [.. Enumerable.Range(1, count).Select(i => new DirectorySlot($"{i}", Path.Combine(folder, $"{i}")))];
    }

    private static IStoreSlot Of(string name, string address) => AzureBlobLocation.IsBlobStorage(address)
        ? new AzureBlobSlot(name, address)
        : new DirectorySlot(name, address);
}
