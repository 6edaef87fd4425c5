using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace Pipeline.Storage.AzureBlob.Containers;

/// <summary>
/// Makes a container client of what a person writes after <c>--store name=</c>: a container's address
/// (<c>https://account.blob.core.windows.net/container</c>, with a shared access signature or else by the identity the
/// process runs under; Azurite's with its well-known key), or a connection string, to which
/// <c>;Container=name</c> may be added (default: <c>pipeline-{slot}</c>).
/// </summary>
public static class AzureBlobLocation
{
    private const string EmulatorAccount = "devstoreaccount1";

    // Not a secret: every Azurite has it (https://learn.microsoft.com/azure/storage/common/storage-use-azurite).
    private const string EmulatorKey =
        "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>Whether the text is a location in blob storage, rather than a directory.</summary>
    public static bool IsBlobStorage(string location) =>
        location.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        || location.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || location.Contains("AccountName=", StringComparison.OrdinalIgnoreCase)
        || location.Contains("UseDevelopmentStorage=", StringComparison.OrdinalIgnoreCase)
        || location.Contains("BlobEndpoint=", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="FormatException">It is neither an address nor a connection string.</exception>
    public static BlobContainerClient Open(string slot, string location, AzureBlobOptions options)
    {
        var client = ClientOptions(options);
        if (!location.StartsWith("http", StringComparison.OrdinalIgnoreCase))
        {
            var (connection, container) = SplitContainer(location);
            return new BlobContainerClient(connection, container ?? $"pipeline-{slot}", client);
        }

        var address = new Uri(location);
        var segments = address.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var isEmulator = segments.Length > 0 && segments[0] == EmulatorAccount;
        if (segments.Length == (isEmulator ? 1 : 0))
        {
            address = new UriBuilder(address) { Path = $"{address.AbsolutePath.TrimEnd('/')}/pipeline-{slot}" }.Uri;
        }

        if (address.Query.Contains("sig=", StringComparison.Ordinal))
        {
            return new BlobContainerClient(address, client);
        }

        if (!isEmulator && address.Scheme != Uri.UriSchemeHttps)
        {
            throw new FormatException($"'{location}' must begin with https://, or carry a signature.");
        }

        return isEmulator
            ? new BlobContainerClient(address, new StorageSharedKeyCredential(EmulatorAccount, EmulatorKey), client)
            : new BlobContainerClient(address, new DefaultAzureCredential(), client);
    }

    /// <summary>The SDK must not retry by itself: a repeated append would be answered as a position mismatch.</summary>
    private static BlobClientOptions ClientOptions(AzureBlobOptions options)
    {
        var client = new BlobClientOptions
        {
            RetryPolicy = new RetryPolicy(maxRetries: 0),
        };
        client.Retry.MaxRetries = 0;
        client.Retry.NetworkTimeout = options.TransferTimeout;
        client.Diagnostics.IsLoggingEnabled = false;
        client.Diagnostics.IsDistributedTracingEnabled = false;
        return client;
    }

    private static (string Connection, string? Container) SplitContainer(string location)
    {
        var parts = location.Split(';', StringSplitOptions.RemoveEmptyEntries);
        var named = Array.Find(parts, static part => part.StartsWith("Container=", StringComparison.OrdinalIgnoreCase));
        return (string.Join(';', parts.Where(part => part != named)), named?["Container=".Length..]);
    }
}
