using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Grains.Clients;
using Pipeline.Grains.Keeping;
using Pipeline.Grains.Partitions;
using Pipeline.Ingestion;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;
using Pipeline.TestKit.Machines;

namespace Pipeline.Grains.Tests.Silos;

/// <summary>Silos of one cluster in this process, and what a front does with them.</summary>
internal sealed class GrainWorld : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-grains-").FullName;
    private readonly List<RunningSilo> _silos = [];
    private readonly Ingestor _ingestor = new(new Random(1));
    private ClusterEngine _engine = null!;

    public IGrainFactory Grains => _silos[0].Grains;

    public IReadOnlyList<RunningSilo> Silos => _silos;

    public static async Task<GrainWorld> StartAsync(
        int silos = 1,
        Action<IServiceCollection>? with = null,
        EngineOptions? options = null,
        params string[] zones)
    {
        var world = new GrainWorld();
        for (var i = 0; i < silos; i++)
        {
            world._silos.Add(await RunningSilo.StartAsync(
                world._folder, world._silos.FirstOrDefault(), with, Zone(zones.ElementAtOrDefault(i)), options));
        }

        world._engine = new ClusterEngine(
            world.Grains,
            world._silos[0].Services.GetRequiredService<GrainCluster>(),
            TimeProvider.System,
            NullLogger<ClusterEngine>.Instance);
        await world._engine.StartAsync(CancellationToken.None);
        return world;
    }

    private static Dictionary<string, string?> Zone(string? zone) => new() { ["Orleans:Metadata:zone"] = zone };

    /// <summary>Puts a definition into force, and waits until all partitions serve.</summary>
    public async Task ApplyAsync(string text)
    {
        await Eventually.IsTrueAsync(
            () => Task.FromResult(_engine.Health.IsAccepting), Patience, "the cluster answers");
        var outcome = await _engine.Pipelines.ApplyAsync(new ApplyRequest { Text = text }, CancellationToken.None);
        Assert.Empty(outcome.Errors);
        Assert.Equal(ApplyStatus.Applied, outcome.Status);
        await _engine.RefreshAsync(EngineQuestion.Catalog, CancellationToken.None);
        await Eventually.IsTrueAsync(
            () => Task.FromResult(_engine.Streams.List().Count > 0 && _engine.Health.IsAccepting),
            Patience,
            "all partitions serve");
    }

    public IStream Stream(string name)
    {
        Assert.True(_engine.Streams.TryGet(new StreamName(name), out var stream), $"{name} is there");
        return stream;
    }

    internal GrainPartition Partition(string stream, int index) => (GrainPartition)Stream(stream).Partitions[index];

    /// <summary>Appends events; each becomes a line of JSON: its key and its number.</summary>
    public async Task AppendAsync(string stream, int first, int count, int keys, int size = 0)
    {
        var filler = new string('x', size);
        var lines = new StringBuilder();
        for (var i = first; i < first + count; i++)
        {
            lines.Append($"{{\"k\":\"k{i % keys}\",\"n\":{i},\"x\":\"{filler}\"}}\n");
        }

        var request = new IngestRequest
        {
            Target = StreamTargets.Of(Stream(stream)),
            Format = BodyFormat.Ndjson,
            Body = Encoding.UTF8.GetBytes(lines.ToString()),
            Handle = DeduplicationHandle.None,
        };
        var outcome = await _ingestor.IngestAsync(request);
        Assert.Null(outcome.Problem);
    }

    /// <summary>The values of all events of a partition, in order.</summary>
    public async Task<List<string>> ReadAsync(string stream, int partition)
    {
        var values = new List<string>();
        var request = new ReadRequest();
        while (true)
        {
            var read = await Partition(stream, partition).ReadAsync(request, CancellationToken.None);
            Assert.Equal(ReadStatus.Ok, read.Status);
            if (read.Blocks.Count == 0)
            {
                return values;
            }

            foreach (var block in read.Blocks)
            {
                EventValues.AddTo(values, block);
            }

            request = request with { After = read.Blocks[^1].Position };
        }
    }

    /// <summary>Empties all copies of files in a folder of the stores, until the answer is disposed of.</summary>
    public IDisposable Empty(string folder, string pattern)
    {
        var files = Directory.GetFiles(_folder, pattern, SearchOption.AllDirectories)
            .Where(path => Path.GetDirectoryName(path)!.EndsWith($"/{folder}", StringComparison.Ordinal))
            .ToDictionary(static path => path, File.ReadAllBytes);
        Assert.NotEmpty(files);
        foreach (var path in files.Keys)
        {
            Fill(path, []);
        }

        return new Emptied(files);
    }

    /// <summary>The same file, for whoever has it open too.</summary>
    private static void Fill(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
        file.Write(bytes);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.StopAsync(CancellationToken.None);
        _engine.Dispose();
        foreach (var silo in _silos.AsEnumerable().Reverse())
        {
            await silo.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Emptied(Dictionary<string, byte[]> files) : IDisposable
    {
        public void Dispose()
        {
            foreach (var (path, bytes) in files)
            {
                Fill(path, bytes);
            }
        }
    }
}
