using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Grains.Keeping;
using Pipeline.Runtime.Clusters;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Loops;
using Pipeline.Storage.Directories;

namespace Pipeline.Grains.Tests.Silos;

/// <summary>One silo in this process, over three directory stores; alone, so it needs no database.</summary>
internal sealed class RunningSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private RunningSilo(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    public static async Task<RunningSilo> StartAsync(string folder)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), FreePort()).AddPipelineGrains(services =>
            new ClusterNode(
                new EngineHost
                {
                    Slots = [.. "abc".Select(name => new DirectorySlot($"{name}", Path.Combine(folder, $"{name}")))],
                    NewLoop = static name => new ThreadLoop(name, static fault => throw fault),
                    Draw = new Random(Environment.TickCount),
                    Name = "test",
                },
                new EngineOptions(),
                services.GetRequiredService<GrainCluster>())));
        var host = builder.Build();
        host.Services.GetRequiredService<ClusterNode>().Open();
        await host.StartAsync();
        return new RunningSilo(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
