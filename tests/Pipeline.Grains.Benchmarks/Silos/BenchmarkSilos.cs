using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Grains.Clients;
using Pipeline.Grains.Keeping;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Clusters;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;
using Pipeline.Storage.Directories;
using Pipeline.TestKit.Machines;

namespace Pipeline.Grains.Benchmarks.Silos;

/// <summary>Silos of one cluster in this process, over three directory stores; they talk over loopback.</summary>
internal sealed class BenchmarkSilos : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-streams-").FullName;
    private readonly List<IHost> _hosts = [];
    private readonly EngineOptions _options;
    private IPEndPoint? _first;
    private ClusterEngine _engine = null!;

    private BenchmarkSilos(EngineOptions options) => _options = options;

    public IServiceProvider Services => _hosts[0].Services;

    public static async Task<BenchmarkSilos> StartAsync(
        int count, Action<ISiloBuilder>? with = null, EngineOptions? options = null)
    {
        var silos = new BenchmarkSilos(options ?? new EngineOptions());
        for (var i = 0; i < count; i++)
        {
            await silos.JoinAsync(with);
        }

        silos._engine = ActivatorUtilities.CreateInstance<ClusterEngine>(silos.Services);
        await silos._engine.StartAsync(CancellationToken.None);
        return silos;
    }

    /// <summary>One more silo.</summary>
    public async Task JoinAsync(Action<ISiloBuilder>? with = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        var port = Ports.Free();
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, Ports.Free(), _first).AddPipelineGrains(Node);
            with?.Invoke(silo);
        });
        _first ??= new IPEndPoint(IPAddress.Loopback, port);
        var host = builder.Build();
        host.Services.GetRequiredService<ClusterNode>().Open();
        await host.StartAsync();
        _hosts.Add(host);
    }

    /// <summary>Makes a stream, and waits until all its partitions serve.</summary>
    public async Task<IStream> MakeStreamAsync(string name, int partitions)
    {
        await UntilAsync(() => _engine.Health.IsAccepting);
        var text = $"name: p\nstreams: {{ {name}: {{ partitions: {partitions}, key: k }} }}\n";
        var outcome = await _engine.Pipelines.ApplyAsync(new ApplyRequest { Text = text }, CancellationToken.None);
        if (outcome.Status != ApplyStatus.Applied)
        {
            throw new InvalidOperationException($"{outcome.Status}: {outcome.Detail}");
        }

        await UntilAsync(() => _engine.Streams.List().Count > 0 && _engine.Health.IsAccepting);
        _engine.Streams.TryGet(new StreamName(name), out var stream);
        return stream!;
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.StopAsync(CancellationToken.None);
        _engine.Dispose();
        foreach (var host in _hosts.AsEnumerable().Reverse())
        {
            await host.StopAsync();
            host.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        while (!isSo())
        {
            await Task.Delay(50);
        }
    }

    private ClusterNode Node(IServiceProvider services) => new(
        new EngineHost
        {
            Slots = [.. "abc".Select(name => new DirectorySlot($"{name}", Path.Combine(_folder, $"{name}")))],
            NewLoop = static name => new ThreadLoop(name, static fault => throw fault),
            Draw = new Random(1),
            Name = "benchmark",
        },
        _options,
        services.GetRequiredService<GrainCluster>());
}
