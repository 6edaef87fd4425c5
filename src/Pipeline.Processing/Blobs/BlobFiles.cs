using System.Net.Sockets;
using System.Text.RegularExpressions;
using Azure;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Pipeline.Definitions;
using Pipeline.Definitions.Planning;
using Pipeline.Processing.Sinks;
using Pipeline.Storage.AzureBlob.Containers;

namespace Pipeline.Processing.Blobs;

/// <summary>
/// A container of block blobs. A hidden file is one of this machine without a name, which goes with the process; it is
/// published by one conditional put, so a blob is whole and is never replaced. Fails with
/// <see cref="SinkTargetException"/> where the container does.
/// </summary>
internal sealed partial class BlobFiles : ISinkFiles
{
    private const string Lines = "pipeline_lines";
    private const string End = "pipeline_end";
    private const string ContentType = "application/x-ndjson";

    private static readonly BlobRequestConditions New = new() { IfNoneMatch = ETag.All };

    private readonly BlobSinkDefinition _sink;
    private readonly BlobContainerClient _container;
    private (string Name, FileStream File, long Lines)? _hidden;
    private SinkActivation _activation;

    public BlobFiles(BlobSinkDefinition sink) =>
        (_sink, _container) = (sink, AzureBlobLocation.Open("sink", sink.Container, new AzureBlobOptions()));

    /// <summary>Containers that cannot be right; whether there is one is seen when the sink runs.</summary>
    public static IReadOnlyList<DefinitionError> Mistakes(PipelinePlan plan) =>
    [
        .. from sink in plan.Sinks
           let target = sink.Target as BlobSinkDefinition
           where target is not null && !IsReadable(target.Container)
           select new DefinitionError(target.ContainerPosition.Line, target.ContainerPosition.Column,
               $"Sink '{sink.Name}': 'container' cannot be read: write a container's URL, or a connection string with "
                   + ";Container=name (3 to 63 small letters, digits and single hyphens)."),
    ];

    public ValueTask<string> ResolveAsync(string path, CancellationToken cancellationToken) =>
        ValueTask.FromResult(SinkPath.Plain(path));

    /// <summary>Blobs need no directory: it looks for the container.</summary>
    public async ValueTask CreateAsync(string directory, CancellationToken cancellationToken)
    {
        var isStore = await AskAsync(
            async () =>
            {
                if (!await _container.ExistsAsync(cancellationToken))
                {
                    await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
                }

                return await _container.GetBlobClient("identity").ExistsAsync(cancellationToken)
                    && await _container.GetBlobClient("formatted").ExistsAsync(cancellationToken);
            },
            cancellationToken);
        if (isStore)
        {
            throw new IOException("a store lies in its container");
        }
    }

    public ValueTask<string?> ReadClaimAsync(string directory, CancellationToken cancellationToken) =>
        AskAsync(() => ReadClaimOfAsync(directory, cancellationToken), cancellationToken);

    public async ValueTask<string> ClaimAsync(string directory, string claim, CancellationToken cancellationToken)
    {
        var found = await AskAsync(
            async () =>
            {
                using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(claim));
                await TryPutAsync(Blob(directory, SinkFileName.Claim), text, new(), cancellationToken);
                return await ReadClaimOfAsync(directory, cancellationToken);
            },
            cancellationToken);
        return found ?? throw new IOException($"{SinkFileName.Claim} was taken away while it was written");
    }

    /// <summary>Places of others lie on their machines: <see cref="EndAsync"/> keeps them out.</summary>
    public ValueTask OpenAsync(
        string directory, int partition, SinkActivation activation, CancellationToken cancellationToken)
    {
        _activation = activation;
        return ValueTask.CompletedTask;
    }

    /// <summary>An empty blob takes the name, which only later activations replace.</summary>
    public ValueTask<bool> EndAsync(string directory, string name, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            using var nothing = new MemoryStream();
            return await TryPutAsync(
                Blob(directory, name), nothing, new() { [End] = $"{_activation}" }, cancellationToken);
        },
        cancellationToken);

    public ValueTask<bool> IsEndAsync(string directory, string name, CancellationToken cancellationToken) => AskAsync(
        async () => EndOf(await Blob(directory, name).GetPropertiesAsync(cancellationToken: cancellationToken))
            is not null,
        cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListAsync(string directory, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<string>>(
            async () =>
            {
                var names = new List<string>();
                var prefix = $"{directory}/";
                await foreach (var item in _container.GetBlobsByHierarchyAsync(
                    new GetBlobsByHierarchyOptions { Prefix = prefix, Delimiter = "/" }, cancellationToken))
                {
                    if (item.IsBlob && item.Blob.Name[prefix.Length] != '.')
                    {
                        names.Add(item.Blob.Name[prefix.Length..]);
                    }
                }

                names.Sort(StringComparer.Ordinal);
                return names;
            },
            cancellationToken);

    public ValueTask<long> CountLinesAsync(string directory, string name, CancellationToken cancellationToken) =>
        AskAsync(
            async () =>
            {
                var blob = Blob(directory, name);
                var properties = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
                var lines = 0L;
                if (properties.Value.Metadata.TryGetValue(Lines, out var text) && long.TryParse(text, out lines))
                {
                    return lines;
                }

                // Somebody put it there again.
                await using var content = await blob.OpenReadAsync(cancellationToken: cancellationToken);
                var buffer = new byte[1 << 16];
                for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
                {
                    lines += buffer.AsSpan(0, read).Count((byte)'\n');
                }

                return lines;
            },
            cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(
        string directory, string name, long position, int length, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            try
            {
                var part = await Blob(directory, name).DownloadContentAsync(
                    new BlobDownloadOptions { Range = new HttpRange(position, length) }, cancellationToken);
                return part.Value.Content.ToMemory();
            }
            catch (RequestFailedException end) when (end.Status == 416)
            {
                return default;
            }
        },
        cancellationToken);

    public async ValueTask AppendAsync(
        string directory,
        string hiddenName,
        long position,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken)
    {
        if (position == 0)
        {
            await LeaveAsync();
            _hidden = (hiddenName, Spool(), 0);
        }

        if (_hidden is not { } hidden || hidden.Name != hiddenName || hidden.File.Length != position)
        {
            throw new IOException("what was written before is gone");
        }

        hidden.File.Write(bytes.Span);
        _hidden = hidden with { Lines = hidden.Lines + bytes.Span.Count((byte)'\n') };
    }

    public async ValueTask<SinkPublication> PublishAsync(
        string directory, string hiddenName, string name, CancellationToken cancellationToken)
    {
        if (_hidden is not { } hidden || hidden.Name != hiddenName)
        {
            throw new IOException("what is to be published is gone");
        }

        try
        {
            return await AskAsync(
                () => PublishAsync(Blob(directory, name), hidden.File, hidden.Lines, cancellationToken),
                cancellationToken);
        }
        finally
        {
            await LeaveAsync();
        }
    }

    public async ValueTask LeaveAsync()
    {
        if (_hidden is { } hidden)
        {
            _hidden = null;
            await hidden.File.DisposeAsync();
        }
    }

    private async Task<SinkPublication> PublishAsync(
        BlockBlobClient blob, FileStream content, long lines, CancellationToken cancellationToken)
    {
        content.Position = 0;
        var metadata = new Dictionary<string, string>
        {
            [Lines] = lines.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        if (await TryPutAsync(blob, content, metadata, cancellationToken))
        {
            return SinkPublication.Published;
        }

        content.Position = 0;
        await using var found = await blob.OpenReadAsync(cancellationToken: cancellationToken);
        return await SinkContent.BeginAlikeAsync(content, found, cancellationToken)
            ? SinkPublication.Known
            : SinkPublication.Foreign;
    }

    /// <summary>
    /// False where there is a blob of that name, unless it is the empty end of an activation before.
    /// </summary>
    private async Task<bool> TryPutAsync(
        BlockBlobClient blob,
        Stream content,
        Dictionary<string, string> metadata,
        CancellationToken cancellationToken)
    {
        if (await TryPutAsync(blob, content, metadata, New, cancellationToken))
        {
            return true;
        }

        BlobProperties found = await blob.GetPropertiesAsync(cancellationToken: cancellationToken);
        content.Position = 0;
        return EndOf(found) is { } before && before < _activation
            && await TryPutAsync(
                blob, content, metadata, new BlobRequestConditions { IfMatch = found.ETag }, cancellationToken);
    }

    /// <summary>Whose end it is; null: it is none.</summary>
    private static SinkActivation? EndOf(BlobProperties blob) =>
        blob.ContentLength == 0 && blob.Metadata.TryGetValue(End, out var text)
            && SinkActivation.TryParse(text, out var activation)
                ? activation
                : null;

    private static async Task<bool> TryPutAsync(
        BlockBlobClient blob,
        Stream content,
        Dictionary<string, string> metadata,
        BlobRequestConditions conditions,
        CancellationToken cancellationToken)
    {
        try
        {
            await blob.UploadAsync(
                content,
                new BlobUploadOptions
                {
                    Conditions = conditions,
                    HttpHeaders = new BlobHttpHeaders { ContentType = ContentType },
                    Metadata = metadata,
                },
                cancellationToken);
            return true;
        }
        catch (RequestFailedException taken) when (taken.Status is 409 or 412
            && taken.ErrorCode is "BlobAlreadyExists" or "ConditionNotMet" or "TargetConditionNotMet")
        {
            return false;
        }
    }

    private static bool IsReadable(string container)
    {
        try
        {
            return AzureBlobLocation.IsBlobStorage(container)
                && ContainerName().IsMatch(AzureBlobLocation.Open("sink", container, new AzureBlobOptions()).Name);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException or InvalidOperationException
            or KeyNotFoundException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A(\$root|(?=.{3,63}\z)[a-z0-9](-?[a-z0-9])*)\z")]
    private static partial Regex ContainerName();

    /// <summary>A file without a name: whatever ends this process, nothing of it is left.</summary>
    private static FileStream Spool()
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete);
        File.Delete(path);
        return file;
    }

    private BlockBlobClient Blob(string directory, string name) =>
        _container.GetBlockBlobClient($"{directory}/{name}");

    private async Task<string?> ReadClaimOfAsync(string directory, CancellationToken cancellationToken)
    {
        try
        {
            var claim = await Blob(directory, SinkFileName.Claim).DownloadContentAsync(cancellationToken);
            return claim.Value.Content.ToString();
        }
        catch (RequestFailedException missing) when (missing.ErrorCode == "BlobNotFound")
        {
            return null;
        }
    }

    private async ValueTask<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
        catch (RequestFailedException refused)
        {
            throw new SinkTargetException(
                $"target: {Shown(refused)}", needsPerson: refused.Status is 400 or 401 or 403 or 404, refused);
        }
        catch (AuthenticationFailedException unknown)
        {
            throw new SinkTargetException($"target: {Shown(unknown)}", needsPerson: true, unknown);
        }
        catch (Exception away) when (
            away is AggregateException or HttpRequestException or IOException or SocketException
            || (away is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SinkTargetException($"target: {Shown(away)}", needsPerson: false, away);
        }
    }

    /// <summary>What the service says, on one line, without the values of variables.</summary>
    private string Shown(Exception error)
    {
        var text = error switch
        {
            RequestFailedException { ErrorCode: { Length: > 0 } code, Status: var status } => $"{code} ({status})",
            OperationCanceledException => "no answer in time",
            _ => (error.InnerException ?? error).Message.Split('\n')[0].Trim(),
        };
        return _sink.WrittenContainer is null
            ? text
            : text.Replace(_container.Uri.Host, "…", StringComparison.OrdinalIgnoreCase)
                .Replace(_container.AccountName, "…", StringComparison.OrdinalIgnoreCase);
    }
}
