using Azure.Storage.Blobs;
using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.AzureBlob.Containers;

/// <summary>A blob container where a store is, or is to be. Only identifying creates it.</summary>
public sealed class AzureBlobSlot : IStoreSlot
{
    private readonly BlobContainerClient _container;
    private readonly ContainerIdentity _identity;
    private readonly AzureBlobOptions _options;
    private readonly TimeProvider _time;

    /// <param name="name">The slot's name.</param>
    /// <param name="location">See <see cref="AzureBlobLocation"/>.</param>
    /// <param name="options">Time limits.</param>
    /// <param name="time">The clock for them.</param>
    public AzureBlobSlot(string name, string location, AzureBlobOptions? options = null, TimeProvider? time = null)
    {
        Name = name;
        _options = options ?? new AzureBlobOptions();
        _time = time ?? TimeProvider.System;
        _container = AzureBlobLocation.Open(name, location, _options);
        _identity = new ContainerIdentity(_container);
    }

    public string Name { get; }

    /// <summary>The container's address, without credentials.</summary>
    public string Address => _container.Uri.GetLeftPart(UriPartial.Path);

    public async ValueTask<StoreProbe> ProbeAsync(CancellationToken cancellationToken)
    {
        using var limit = new RequestLimit(_time, _options.RequestTimeout, cancellationToken);
        try
        {
            return await _identity.ProbeAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception failed) when (AzureFailure.IsExpected(failed, cancellationToken))
        {
            return new StoreProbe(StoreCondition.Unavailable, default, failed.Message);
        }
    }

    public ValueTask<BlobOutcome> IdentifyAsync(StoreId id, CancellationToken cancellationToken) =>
        RunAsync(token => _identity.IdentifyAsync(id, token), cancellationToken);

    public ValueTask<BlobOutcome> ReplaceIdentityAsync(
        StoreId former, StoreId id, CancellationToken cancellationToken) =>
        RunAsync(token => _identity.ReplaceAsync(former, id, token), cancellationToken);

    public ValueTask<BlobOutcome> MarkFormattedAsync(StoreId id, CancellationToken cancellationToken) =>
        RunAsync(token => _identity.MarkAsync(id, token), cancellationToken);

    public IBlobStore Open(StoreId id) => new AzureBlobStore(Name, id, _container, _options, _time);

    private async ValueTask<BlobOutcome> RunAsync(
        Func<CancellationToken, Task<BlobOutcome>> operation, CancellationToken cancellationToken)
    {
        using var limit = new RequestLimit(_time, _options.RequestTimeout, cancellationToken);
        try
        {
            return await operation(limit.Token).ConfigureAwait(false);
        }
        catch (Exception failed) when (AzureFailure.IsExpected(failed, cancellationToken))
        {
            return new BlobOutcome(AzureFailure.Grade(failed), Detail: failed.Message);
        }
    }
}
