using System.Text.Json.Nodes;
using Pipeline.Processing.Instances;
using Pipeline.TestKit.Replicas;
using Pipeline.TestKit.Sinks;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>Webhooks by the contract of all sinks: what is repeated has the key that it had.</summary>
public sealed class WebhookSinkTests : RefusingSinkContract, IDisposable
{
    private readonly WebhookReceiver _receiver = new();

    public void Dispose() => _receiver.Dispose();

    protected override Task<ISinkPlace> PlaceAsync()
    {
        _receiver.Answer = static request =>
            request.Json["n"] is JsonValue n && n.TryGetValue<long>(out _) ? 204 : 422;
        return Task.FromResult<ISinkPlace>(new Place(_receiver));
    }

    protected override async Task<ISinkHost> HostAsync() => new WorldSinkHost(
        await ThreeStores.FormatAsync(),
        static _ => null,
        static settings => settings with { WebhookHosts = WebhookHosts.Read("127.0.0.1", []) });

    /// <summary>Events of the contract have no key: one at a time, they come in the order of the stream.</summary>
    private sealed class Place(WebhookReceiver receiver) : ISinkPlace
    {
        public string Yaml => $$"""webhook: { url: "{{receiver.Address}}", concurrency: 1 }""";

        public Task<IReadOnlyList<long>> NumbersAsync() => Task.FromResult<IReadOnlyList<long>>(
            [.. receiver.Distinct().Select(static request => (long)request.Json["n"]!)]);

        public Task StopAsync() => receiver.StopAsync();

        public Task StartAgainAsync() => receiver.StartAgainAsync();
    }
}
