using System.Net;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.TestKit.Sinks;

/// <summary>A container of its own in Azurite, behind a proxy that can cut it off.</summary>
public sealed class BlobPlace : ISinkPlace, IDisposable
{
    private readonly BlobContainerClient _container;
    private readonly TcpForwarder _proxy;

    private BlobPlace(Azurite azurite)
    {
        var name = $"sink-{Guid.NewGuid():n}";
        _container = new BlobContainerClient(azurite.ConnectionString, name);
        _proxy = new TcpForwarder(IPAddress.Loopback, new IPEndPoint(IPAddress.Loopback, azurite.Port));
        Container = azurite.ConnectionString.Replace($":{azurite.Port}/", $":{_proxy.Port}/", StringComparison.Ordinal)
            + $"Container={name}";
    }

    /// <summary>The container as a sink is told it; there is none yet.</summary>
    public string Container { get; }

    public string Yaml =>
        """blob: { container: "${BLOBS}", path: out/numbers, roll: { size: 400B, every: 50ms } }""";

    public static async Task<BlobPlace> MakeAsync() => new(await Azurite.StartAsync());

    public async Task<IReadOnlyList<long>> NumbersAsync() =>
        [.. (await LinesAsync("out/numbers")).Select(static line => (long)line["n"]!)];

    /// <summary>What all visible blobs hold, by their names: partition by partition, in order.</summary>
    public async Task<IReadOnlyList<JsonNode>> LinesAsync(string directory)
    {
        var lines = new List<JsonNode>();
        if (await _container.ExistsAsync())
        {
            foreach (var name in await NamesAsync($"{directory}/"))
            {
                var content = await _container.GetBlobClient(name).DownloadContentAsync();
                lines.AddRange(content.Value.Content.ToString()
                    .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!));
            }
        }

        return lines;
    }

    /// <summary>Puts a blob there as somebody else.</summary>
    public async Task PutAsync(string name, string text)
    {
        await _container.CreateIfNotExistsAsync();
        await _container.GetBlobClient(name).UploadAsync(BinaryData.FromString(text), overwrite: true);
    }

    public Task DeleteAsync(string name) => _container.DeleteBlobAsync(name);

    public Task StopAsync()
    {
        _proxy.Cut();
        return Task.CompletedTask;
    }

    public Task StartAgainAsync()
    {
        _proxy.Heal();
        return Task.CompletedTask;
    }

    public void Dispose() => _proxy.Dispose();

    private async Task<List<string>> NamesAsync(string prefix)
    {
        var names = new List<string>();
        await foreach (var blob in _container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }))
        {
            if (blob.Name[prefix.Length] != '.')
            {
                names.Add(blob.Name);
            }
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
