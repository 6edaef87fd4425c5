using System.Diagnostics.CodeAnalysis;
using Pipeline.Storage.AzureBlob.Containers;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;

namespace Pipeline.Storage.AzureBlob.Addresses;

/// <summary>Makes the slot of what a person configured: a directory, or a container of Azure Blob storage.</summary>
public static class StoreAddress
{
    /// <summary>False, and what is wrong, where the address is neither.</summary>
    public static bool TryOpen(
        string name,
        string address,
        [NotNullWhen(true)] out IStoreSlot? slot,
        [NotNullWhen(false)] out string? error)
    {
        (slot, error) = (null, null);
        if (AzureBlobLocation.IsBlobStorage(address))
        {
            try
            {
                slot = new AzureBlobSlot(name, address);
                return true;
            }
            catch (FormatException wrong)
            {
                error = wrong.Message;
                return false;
            }
        }

        if (address.StartsWith("file://", StringComparison.Ordinal)
            && Uri.TryCreate(address, UriKind.Absolute, out var uri))
        {
            slot = new DirectorySlot(name, uri.LocalPath);
        }
        else if (address.Length == 0 || address.Contains("://", StringComparison.Ordinal))
        {
            error = $"'{address}' is neither a directory nor a container's URL.";
        }
        else
        {
            slot = new DirectorySlot(name, address);
        }

        return error is null && slot is not null;
    }
}
