using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Pipeline.Backups;
using Pipeline.Http.Access;
using Pipeline.Http.Engine;
using Pipeline.Http.Hosting;
using Pipeline.Replication.Loops;
using Pipeline.Runtime.Engine;
using Pipeline.Runtime.Pipelines;
using Pipeline.Storage.Directories;
using Pipeline.TestKit.HttpContract;
using Xunit;

namespace Pipeline.Http.Tests.Service;

/// <summary>The HTTP interface on a real port over a real engine on three directory stores of its own.</summary>
public sealed class RunningService : HttpService
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-http-").FullName;
    private readonly List<ThreadLoop> _loops = [];
    private readonly List<DirectorySlot> _slots = [];
    private DirectorySlot? _backups;
    private PipelineEngine? _engine;
    private WebApplication? _app;

    public override IReadOnlyList<Uri> Addresses =>
        [.. _app!.Urls.Select(static url => new Uri(url)).Where(url => url.Port != HealthAddress?.Port)];

    /// <summary>Who may use it.</summary>
    public AccessOptions Access { get; init; } = AccessOptions.None;

    /// <summary>What it may use.</summary>
    public PipelineHttpOptions Options { get; init; } = new();

    /// <summary>Answers health alone, where it is given.</summary>
    public Uri? HealthAddress { get; init; }

    internal IServiceProvider Services => _app!.Services;

    /// <summary>A store is gone, and cannot be made anew: a file stands in its place.</summary>
    public void LoseStore(int number)
    {
        var folder = Path.Combine(_folder, $"{number}");
        Directory.Move(folder, folder + ".lost");
        File.WriteAllText(folder, "not a directory");
    }

    /// <summary>The store as it was.</summary>
    public void GiveStoreBack(int number)
    {
        var folder = Path.Combine(_folder, $"{number}");
        File.Delete(folder);
        Directory.Move(folder + ".lost", folder);
    }

    protected override async Task StartAsync()
    {
        _backups = new DirectorySlot("backup", BackupFolder);
        _slots.AddRange(Enumerable.Range(1, 3).Select(i => new DirectorySlot($"{i}", Path.Combine(_folder, $"{i}"))));
        var host = new EngineHost { Slots = _slots, NewLoop = NewLoop, Draw = new Random(), Name = "test" };
        _engine = new PipelineEngine(host, new EngineOptions
        {
            Pipelines = new PipelineSettings
            {
                DataDirectory = _folder,
                Backup = new BackupSettings { Slot = _backups, To = BackupFolder },
            },
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        const string Any = "http://127.0.0.1:0";
        builder.WebHost.UseUrls(HealthAddress is { } health ? [Any, $"{health}"] : [Any]);
        var options = Options with { Access = Access, HealthPorts = HealthAddress is { } only ? [only.Port] : [] };
        builder.Services.AddPipelineHttp(_engine, options, new Random(1));
        _app = builder.Build();
        _app.MapPipelineHttp();
        await _app.StartAsync();
        Assert.Equal(EngineState.Running, await _engine.StartAsync(CancellationToken.None));
        _app.SetPipelineReady();
    }

    protected override async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        if (_engine is not null)
        {
            await _engine.StopAsync(CancellationToken.None);
        }

        _loops.ForEach(loop => loop.Dispose());
        _slots.ForEach(slot => slot.Dispose());
        _backups?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private ThreadLoop NewLoop(string name)
    {
        var loop = new ThreadLoop(name, fault => Assert.Fail(fault.ToString()));
        lock (_loops)
        {
            _loops.Add(loop);
        }

        return loop;
    }
}
