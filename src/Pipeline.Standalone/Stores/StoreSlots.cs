using Pipeline.Standalone.Options;
using Pipeline.Storage.AzureBlob.Addresses;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;

namespace Pipeline.Standalone.Stores;

/// <summary>The slots that the options name.</summary>
internal static class StoreSlots
{
    public static IReadOnlyList<IStoreSlot> Of(StandaloneOptions options, ICollection<string> errors)
    {
        if (options.NamedStores.Count == 0)
        {
            return
            [
                .. Enumerable.Range(1, options.Stores).Select(i =>
                    new DirectorySlot($"{i}", Path.Combine(options.Data, "stores", $"{i}"))),
            ];
        }

        return [.. options.NamedStores.Select(store => Of(store, errors)).OfType<IStoreSlot>()];
    }

    private static IStoreSlot? Of(NamedStore store, ICollection<string> errors)
    {
        if (!StoreAddress.TryOpen(store.Name, store.Address, out var slot, out var error))
        {
            errors.Add($"--store {store.Name}: {error}");
        }

        return slot;
    }
}
