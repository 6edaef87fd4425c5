using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Grains.Keeping;
using Pipeline.Replication.Loops;
using Pipeline.Runtime.Clusters;
using Pipeline.Runtime.Engine;
using Pipeline.Storage.Directories;
using Pipeline.TestKit.Machines;

namespace Pipeline.Grains.Tests.Silos;

/// <summary>
/// One silo in this process, over three directory stores; without a database: the first one keeps the membership.
/// </summary>
internal sealed class RunningSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly int _port;

    private RunningSilo(IHost host, int port) => (_host, _port) = (host, port);

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <param name="folder">Where the stores are.</param>
    /// <param name="first">The silo to join; null: it is the first.</param>
    /// <param name="with">What it has beside the grains.</param>
    /// <param name="settings">Its configuration.</param>
    /// <param name="options">How it runs partitions and stages.</param>
    public static async Task<RunningSilo> StartAsync(
        string folder,
        RunningSilo? first = null,
        Action<IServiceCollection>? with = null,
        Dictionary<string, string?>? settings = null,
        EngineOptions? options = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Logging.ClearProviders();
        var port = Ports.Free();
        var joined = first is null ? null : new IPEndPoint(IPAddress.Loopback, first._port);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, Ports.Free(), joined).AddPipelineGrains(
                services => Node(folder, services, options ?? new EngineOptions()));
            with?.Invoke(silo.Services);
        });
        var host = builder.Build();
        host.Services.GetRequiredService<ClusterNode>().Open();
        await host.StartAsync();
        return new RunningSilo(host, port);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static ClusterNode Node(string folder, IServiceProvider services, EngineOptions options) => new(
        new EngineHost
        {
            Slots = [.. "abc".Select(name => new DirectorySlot($"{name}", Path.Combine(folder, $"{name}")))],
            NewLoop = static name => new ThreadLoop(name, static fault => throw fault),
            Draw = new Random(Environment.TickCount),
            Name = "test",
        },
        options,
        services.GetRequiredService<GrainCluster>());
}
