using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;

namespace Pipeline.Storage.AzureBlob.Containers;

/// <summary>
/// The blobs <c>identity</c> and <c>formatted</c> at a container's root; the same text as in a directory.
/// </summary>
internal sealed class ContainerIdentity(BlobContainerClient container)
{
    private readonly BlockBlobClient _identity = container.GetBlockBlobClient("identity");
    private readonly BlockBlobClient _formatted = container.GetBlockBlobClient("formatted");

    public async Task<StoreProbe> ProbeAsync(CancellationToken cancellationToken)
    {
        var (bytes, _) = await ReadAsync(_identity, cancellationToken).ConfigureAwait(false);
        if (bytes is null)
        {
            return new StoreProbe(StoreCondition.Blank);
        }

        if (!IdentityFile.TryDecode(bytes.Value.Span, out var identity))
        {
            return new StoreProbe(StoreCondition.Damaged, default, $"{_identity.Uri} cannot be read");
        }

        if (identity.Version > IdentityFile.CurrentVersion)
        {
            return new StoreProbe(
                StoreCondition.Newer,
                default,
                $"{container.Uri} has format version {identity.Version}; "
                + $"this program knows up to {IdentityFile.CurrentVersion}");
        }

        var (mark, _) = await ReadAsync(_formatted, cancellationToken).ConfigureAwait(false);
        var isFormatted = mark is { } text && IdentityFile.TryDecode(text.Span, out var marked)
            && marked.Id == identity.Id;
        return new StoreProbe(isFormatted ? StoreCondition.Formatted : StoreCondition.Identified, identity.Id);
    }

    /// <summary>Creates the container if need be, then its identity.</summary>
    public async Task<BlobOutcome> IdentifyAsync(StoreId id, CancellationToken cancellationToken)
    {
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        try
        {
            await UploadAsync(_identity, id, new() { IfNoneMatch = Azure.ETag.All }, cancellationToken)
                .ConfigureAwait(false);
            return new BlobOutcome(BlobStatus.Ok);
        }
        catch (RequestFailedException failed) when (AzureFailure.Grade(failed) == BlobStatus.Conflict)
        {
            var found = await ProbeAsync(cancellationToken).ConfigureAwait(false);
            var status = found.Id == id ? BlobStatus.Ok : BlobStatus.Conflict;
            return new BlobOutcome(status, Detail: $"{container.Uri} has identity {found.Id}");
        }
    }

    public async Task<BlobOutcome> ReplaceAsync(StoreId former, StoreId id, CancellationToken cancellationToken)
    {
        var (bytes, etag) = await ReadAsync(_identity, cancellationToken).ConfigureAwait(false);
        var found = bytes is { } text && IdentityFile.TryDecode(text.Span, out var identity) ? identity : default;
        if (bytes is null || found.Version > IdentityFile.CurrentVersion || found.Id != former)
        {
            return new BlobOutcome(BlobStatus.Conflict, Detail: $"{container.Uri} has identity {found.Id}");
        }

        await UploadAsync(_identity, id, new() { IfMatch = etag }, cancellationToken).ConfigureAwait(false);
        return new BlobOutcome(BlobStatus.Ok);
    }

    public async Task<BlobOutcome> MarkAsync(StoreId id, CancellationToken cancellationToken)
    {
        var found = await ProbeAsync(cancellationToken).ConfigureAwait(false);
        if (found.Id != id)
        {
            return new BlobOutcome(BlobStatus.StoreLost, Detail: $"{container.Uri} has identity {found.Id}");
        }

        await UploadAsync(_formatted, id, null, cancellationToken).ConfigureAwait(false);
        return new BlobOutcome(BlobStatus.Ok);
    }

    private static async Task UploadAsync(
        BlockBlobClient blob, StoreId id, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream(IdentityFile.Current(id).Encode());
        var options = new BlobUploadOptions { Conditions = conditions };
        await blob.UploadAsync(text, options, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<(ReadOnlyMemory<byte>? Bytes, Azure.ETag ETag)> ReadAsync(
        BlockBlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            var content = await blob.DownloadContentAsync(cancellationToken).ConfigureAwait(false);
            return (content.Value.Content.ToMemory(), content.Value.Details.ETag);
        }
        catch (RequestFailedException failed)
            when (AzureFailure.Grade(failed) is BlobStatus.NotFound or BlobStatus.StoreLost)
        {
            return (null, default);
        }
    }
}
