using Pipeline.Storage.AzureBlob.Addresses;
using Pipeline.Storage.AzureBlob.Containers;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;

namespace Pipeline.Cli.Stores;

/// <summary>The stores a command works on.</summary>
internal static class StoreSlots
{
    /// <summary>Directory stores of a service that is told nothing else.</summary>
    private const int StandardCount = 3;

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

    /// <summary>Stores that are to be made: below a service's data directory, as it looks for them, or named.</summary>
    public static IReadOnlyList<IStoreSlot> OfNew(
        string? data, int? count, IReadOnlyList<string> named, out string? error)
    {
        error = (data, count, named.Count) switch
        {
            (null, _, 0) => "Say where to restore: --data, or --store 1, 3 or 5 times.",
            (not null, _, > 0) => "--data and --store cannot be given together.",
            (null, not null, _) => "--stores counts the stores of --data; it cannot be given together with --store.",
            (null, _, not (1 or 3 or 5)) => $"There must be 1, 3 or 5 stores, not {named.Count}.",
            _ => null,
        };
        if (error is not null)
        {
            return [];
        }

        return data is null
            ? OfNew(named, out error)
            : [.. Enumerable.Range(1, count ?? StandardCount).Select(i =>
                new DirectorySlot($"{i}", Path.Combine(data, "stores", $"{i}")))];
    }

    private static List<IStoreSlot> OfNew(IReadOnlyList<string> named, out string? error)
    {
        error = null;
        var slots = new List<IStoreSlot>();
        foreach (var pair in named.Select(static text => text.Split('=', 2)))
        {
            if (pair is not [{ Length: > 0 } name, { Length: > 0 } address])
            {
                error ??= $"--store needs name=address, not '{string.Join('=', pair)}'.";
            }
            else if (slots.Exists(one => one.Name == name))
            {
                error ??= $"Two stores are named '{name}'.";
            }
            else if (StoreAddress.TryOpen(name, address, out var slot, out var wrong))
            {
                slots.Add(slot);
            }
            else
            {
                error ??= $"--store {name}: {wrong}";
            }
        }

        return slots;
    }

    private static IStoreSlot Of(string name, string address) => AzureBlobLocation.IsBlobStorage(address)
        ? new AzureBlobSlot(name, address)
        : new DirectorySlot(name, address);
}
