using Pipeline.Standalone.Options;
using Pipeline.Storage.AzureBlob.Containers;
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
        if (AzureBlobLocation.IsBlobStorage(store.Address))
        {
            return Container(store, errors);
        }

        if (store.Address.Contains("://", StringComparison.Ordinal)
            && !store.Address.StartsWith("file://", StringComparison.Ordinal))
        {
            errors.Add($"--store {store.Name}: '{store.Address}' is neither a directory nor a container's URL.");
            return null;
        }

        var path = store.Address.StartsWith("file://", StringComparison.Ordinal)
            ? new Uri(store.Address).LocalPath
            : store.Address;
        return new DirectorySlot(store.Name, path);
    }

    private static AzureBlobSlot? Container(NamedStore store, ICollection<string> errors)
    {
        try
        {
            return new AzureBlobSlot(store.Name, store.Address);
        }
        catch (FormatException wrong)
        {
            errors.Add($"--store {store.Name}: {wrong.Message}");
            return null;
        }
    }
}
