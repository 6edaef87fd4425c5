using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Pipeline.Kernel.Identity;
using Pipeline.Storage.Blobs;
using Pipeline.Storage.Directories;
using BlobContent = Pipeline.Storage.Blobs.BlobContent;

namespace Pipeline.Storage.AzureBlob.Containers;

/// <summary>The requests a store makes; what the service refuses comes as a RequestFailedException.</summary>
internal sealed class ContainerBlobs(BlobContainerClient container, string prefix)
{
    /// <summary>Put blobs and appends go in one request up to this; the service takes 100 MiB in a block.</summary>
    private const long MaxRequest = 100 << 20;

    public async Task<BlobOutcome> PutAsync(
        BlobName name, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken)
    {
        using var stream = new GatherStream([content]);
        var conditions = condition.Match is { } match
            ? new BlobRequestConditions { IfMatch = new Azure.ETag(match.Value) }
            : new BlobRequestConditions { IfNoneMatch = Azure.ETag.All };
        var options = new BlobUploadOptions
        {
            Conditions = conditions,
            TransferOptions = new() { InitialTransferSize = MaxRequest, MaximumTransferSize = MaxRequest },
        };
        try
        {
            var put = await Block(name).UploadAsync(stream, options, cancellationToken).ConfigureAwait(false);
            return new BlobOutcome(BlobStatus.Ok, new(put.Value.ETag.ToString()));
        }
        catch (RequestFailedException failed)
            when (condition.Match is not null && AzureFailure.Grade(failed) == BlobStatus.NotFound)
        {
            return new BlobOutcome(BlobStatus.Conflict, Detail: failed.Message);
        }
    }

    public async Task<BlobOutcome> CreateAsync(BlobName name, CancellationToken cancellationToken)
    {
        var options = new AppendBlobCreateOptions { Conditions = new() { IfNoneMatch = Azure.ETag.All } };
        await Append(name).CreateAsync(options, cancellationToken).ConfigureAwait(false);
        return new BlobOutcome(BlobStatus.Ok, Length: 0);
    }

    public async Task<BlobOutcome> AppendAsync(
        BlobName name,
        long position,
        IReadOnlyList<ReadOnlyMemory<byte>> content,
        CancellationToken cancellationToken)
    {
        using var stream = new GatherStream(content);
        if (stream.Length > MaxRequest)
        {
            throw new ArgumentException($"An append takes at most {MaxRequest} bytes.", nameof(content));
        }

        if (stream.Length == 0)
        {
            return await AppendNothingAsync(name, position, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            await AppendAsync(name, position, stream, cancellationToken).ConfigureAwait(false);
            return new BlobOutcome(BlobStatus.Ok, Length: position + stream.Length);
        }
        catch (RequestFailedException failed) when (AzureFailure.Grade(failed) == BlobStatus.PositionMismatch)
        {
            var tail = await ReadAsync(name, 0, 0, cancellationToken).ConfigureAwait(false);
            var status = tail.IsSealed ? BlobStatus.Sealed : BlobStatus.PositionMismatch;
            return new BlobOutcome(status, Length: tail.Length, Detail: failed.ErrorCode);
        }
    }

    /// <summary>What can be read from a container is durable: only the end has to be where it is expected.</summary>
    private async Task<BlobOutcome> AppendNothingAsync(
        BlobName name, long position, CancellationToken cancellationToken)
    {
        var tail = await TailAsync(name, cancellationToken).ConfigureAwait(false);
        var status = tail switch
        {
            { IsOk: false } => tail.Status,
            { IsSealed: true } => BlobStatus.Sealed,
            _ => tail.Length == position ? BlobStatus.Ok : BlobStatus.PositionMismatch,
        };
        return new BlobOutcome(status, Length: tail.Length, Detail: tail.Detail);
    }

    public async Task<BlobOutcome> SealAsync(BlobName name, CancellationToken cancellationToken)
    {
        var tail = await TailAsync(name, cancellationToken).ConfigureAwait(false);
        if (tail.Status == BlobStatus.NotFound)
        {
            try
            {
                await CreateAsync(name, cancellationToken).ConfigureAwait(false);
            }
            catch (RequestFailedException failed) when (AzureFailure.Grade(failed) == BlobStatus.Conflict)
            {
                // Another one created it.
            }
        }

        if (!tail.IsSealed)
        {
            using var trailer = new MemoryStream(SealTrailer.Bytes.ToArray());
            await Append(name).AppendBlockAsync(trailer, cancellationToken: cancellationToken).ConfigureAwait(false);
            tail = await TailAsync(name, cancellationToken).ConfigureAwait(false);
        }

        return new BlobOutcome(tail.IsOk ? BlobStatus.Ok : BlobStatus.Unavailable, Length: tail.Length);
    }

    public async Task<BlobOutcome> DeleteAsync(BlobName name, CancellationToken cancellationToken)
    {
        await Blob(name).DeleteIfExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        return new BlobOutcome(BlobStatus.Ok);
    }

    public async Task<BlobListing> ListAsync(string namePrefix, CancellationToken cancellationToken)
    {
        var items = new List<BlobListItem>();
        var wanted = new GetBlobsOptions { Prefix = prefix + namePrefix };
        var pages = container.GetBlobsAsync(wanted, cancellationToken);
        await foreach (var blob in pages.ConfigureAwait(false))
        {
            items.Add(new BlobListItem(
                new BlobName(blob.Name[prefix.Length..]), blob.Properties.ContentLength ?? 0));
        }

        items.Sort(static (left, right) => left.Name.CompareTo(right.Name));
        return new BlobListing(BlobStatus.Ok, items);
    }

    /// <summary>Reads to the end where <paramref name="length"/> is null. The seal's trailer is never given.</summary>
    public async Task<BlobContent> ReadAsync(
        BlobName name, long position, int? length, CancellationToken cancellationToken)
    {
        // Past the end there is nothing to read, but length and seal are wanted all the same.
        if (length == 0 || await DownloadAsync(name, position, length, cancellationToken).ConfigureAwait(false)
            is not { } part)
        {
            var properties = await Blob(name).GetPropertiesAsync(cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            part = new DownloadedPart(
                default, properties.Value.ContentLength, properties.Value.BlobType, properties.Value.ETag.ToString());
            position = part.Total;
        }

        if (part.Type != BlobType.Append)
        {
            var wanted = part.Bytes[..Math.Min(part.Bytes.Length, length ?? int.MaxValue)];
            return new BlobContent(BlobStatus.Ok, wanted, new(part.ETag), part.Total);
        }

        var trailers = await TrailersAsync(name, position, part, cancellationToken).ConfigureAwait(false);
        var total = part.Total - trailers;
        var count = Math.Clamp(total - position, 0, Math.Min(part.Bytes.Length, length ?? int.MaxValue));
        return new BlobContent(BlobStatus.Ok, part.Bytes[..(int)count], Length: total, IsSealed: trailers > 0);
    }

    /// <summary>Length and seal, no bytes; NotFound as a value.</summary>
    private async Task<BlobContent> TailAsync(BlobName name, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(name, 0, 0, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException failed) when (AzureFailure.Grade(failed) == BlobStatus.NotFound)
        {
            return new BlobContent(BlobStatus.NotFound);
        }
    }

    /// <summary>A sealed blob never changes, so its end may be read after the part asked for.</summary>
    private async Task<int> TrailersAsync(
        BlobName name, long position, DownloadedPart part, CancellationToken cancellationToken)
    {
        if (position + part.Bytes.Length == part.Total && (position == 0 || part.Bytes.Length >= SealTrailer.Window))
        {
            return SealTrailer.Count(part.Bytes.Span);
        }

        var start = Math.Max(0, part.Total - SealTrailer.Window);
        var end = await DownloadAsync(name, start, SealTrailer.Window, cancellationToken).ConfigureAwait(false);

        if (end is not { } tail || start + tail.Bytes.Length != tail.Total)
        {
            return 0;
        }

        // The blob may have grown since the part was read: by another sealer's trailer, or by data and a first one.
        var trailers = SealTrailer.Count(tail.Bytes.Span);
        return trailers == 0 ? 0 : (int)Math.Max(0, part.Total - (tail.Total - trailers));
    }

    /// <summary>
    /// A range, and the trailers' window more so that the blob's end within it shows them; null where the range begins
    /// at or past the end.
    /// </summary>
    private async Task<DownloadedPart?> DownloadAsync(
        BlobName name, long position, int? length, CancellationToken cancellationToken)
    {
        var range = new HttpRange(position, length is { } bytes ? (long)bytes + SealTrailer.Window : null);
        var options = new BlobDownloadOptions { Range = position == 0 && length is null ? default : range };
        try
        {
            var download = await Blob(name).DownloadContentAsync(options, cancellationToken).ConfigureAwait(false);
            var details = download.Value.Details;
            var content = download.Value.Content.ToMemory();
            var total = details.ContentRange is { } text
                ? long.Parse(text[(text.IndexOf('/', StringComparison.Ordinal) + 1)..],
                    System.Globalization.CultureInfo.InvariantCulture)
                : content.Length;
            return new DownloadedPart(content, total, details.BlobType, details.ETag.ToString());
        }
        catch (RequestFailedException failed) when (failed.Status == 416)
        {
            return null;
        }
    }

    private async Task AppendAsync(BlobName name, long position, Stream content, CancellationToken cancellationToken)
    {
        var options = new AppendBlobAppendBlockOptions { Conditions = new() { IfAppendPositionEqual = position } };
        await Append(name).AppendBlockAsync(content, options, cancellationToken).ConfigureAwait(false);
    }

    private BlobBaseClient Blob(BlobName name) => container.GetBlobBaseClient(Full(name));

    private AppendBlobClient Append(BlobName name) => container.GetAppendBlobClient(Full(name));

    private BlockBlobClient Block(BlobName name) => container.GetBlockBlobClient(Full(name));

    private string Full(BlobName name) => DirectoryLayout.IsValid(name)
        ? prefix + name.Value
        : throw new ArgumentException($"'{name}' is no blob name.", nameof(name));

    private readonly record struct DownloadedPart(
        ReadOnlyMemory<byte> Bytes, long Total, BlobType Type, string ETag);
}
