using System.Collections.Concurrent;
using System.Diagnostics;
using Pipeline.Definitions.Experiments;

namespace Pipeline.Cli.Chaos;

/// <summary>
/// The system of an experiment on this machine: processes on loopback, stores as folders, all of it new and its own.
/// </summary>
internal sealed class ChaosSystem : IAsyncDisposable
{
    private const int FilesDamaged = 3;

    private readonly List<ChaosProcess> _silos = [];
    private readonly List<ChaosProcess> _fronts = [];

    /// <summary>A store is harmed once at a time.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _stores = new();

    private ChaosSystem(string folder) => Folder = folder;

    /// <summary>Everything that lies on the disk.</summary>
    public string Folder { get; }

    /// <summary>Where requests go.</summary>
    public IReadOnlyList<Uri> Addresses => [.. _fronts.Select(static front => front.Address)];

    public IEnumerable<ChaosProcess> Processes => _silos.Concat(_fronts);

    /// <summary>Where file sinks write.</summary>
    public string Data => Path.Combine(Folder, "data");

    /// <summary>
    /// Starts all of it and waits until it serves; once more on other ports where somebody took one meanwhile.
    /// </summary>
    /// <exception cref="ChaosException">It does not.</exception>
    public static async Task<ChaosSystem> StartAsync(
        ExperimentSystem experiment,
        ChaosPrograms programs,
        string folder,
        Random draw,
        CancellationToken cancellationToken)
    {
        try
        {
            return await StartOnceAsync(
                experiment, programs, Path.Combine(folder, "first"), draw, cancellationToken);
        }
        catch (ChaosException taken) when (taken.Message.Contains("in use", StringComparison.Ordinal))
        {
            return await StartOnceAsync(
                experiment, programs, Path.Combine(folder, "again"), draw, cancellationToken);
        }
    }

    private static async Task<ChaosSystem> StartOnceAsync(
        ExperimentSystem experiment,
        ChaosPrograms programs,
        string folder,
        Random draw,
        CancellationToken cancellationToken)
    {
        var system = new ChaosSystem(folder);
        try
        {
            Directory.CreateDirectory(system.Data);
            if (experiment.Silos == 0)
            {
                system.AddStandalone(experiment, programs, draw);
            }
            else
            {
                await MigrateAsync(programs.Silo, experiment.Database!, cancellationToken);
                system.AddCluster(experiment, programs, draw);
            }

            foreach (var process in system.Processes)
            {
                process.Start();
            }

            await Task.WhenAll(system.Processes.Select(process => process.IsReadyAsync(cancellationToken)));
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Does the fault to its target; done when the target has all that it had.</summary>
    public Task HarmAsync(ExperimentFault fault, Random draw, CancellationToken cancellationToken) => fault.Kind switch
    {
        FaultKind.Kill => Process(fault).KillAsync(cancellationToken),
        FaultKind.Stop => Process(fault).StopAsync(cancellationToken),
        FaultKind.Freeze => Process(fault).FreezeAsync(fault.For, cancellationToken),
        FaultKind.RestartAll => Task.WhenAll(Processes.Select(process => process.StopAsync(cancellationToken))),
        FaultKind.LoseStore => LoseAsync(fault, isReplaced: false, cancellationToken),
        FaultKind.ReplaceStore => LoseAsync(fault, isReplaced: true, cancellationToken),
        FaultKind.CorruptStore => CorruptAsync(fault.Target, draw, cancellationToken),
        _ => throw new UnreachableException(),
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var process in Processes.Reverse())
        {
            await process.DisposeAsync();
        }

        foreach (var gate in _stores.Values)
        {
            gate.Dispose();
        }
    }

    private static async Task MigrateAsync(string silo, string database, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(silo, ["migrate", $"--Orleans:Clustering:ConnectionString={database}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var migrate = System.Diagnostics.Process.Start(start)!;
        var (output, errors) = (
            migrate.StandardOutput.ReadToEndAsync(cancellationToken),
            migrate.StandardError.ReadToEndAsync(cancellationToken));
        await migrate.WaitForExitAsync(cancellationToken);
        if (migrate.ExitCode != 0)
        {
            throw new ChaosException($"The database is not ready: {(await output + await errors).Trim()}");
        }
    }

    private ChaosProcess Process(ExperimentFault fault) => Processes.Single(process => process.Name == fault.Target);

    private string Store(string name) => Path.Combine(Folder, "stores", name);

    private static IEnumerable<string> StoreNames(ExperimentSystem experiment) =>
        Enumerable.Range(0, experiment.Stores).Select(static store => $"{(char)('a' + store)}");

    private void AddStandalone(ExperimentSystem experiment, ChaosPrograms programs, Random draw)
    {
        var address = new Uri($"http://127.0.0.1:{FreePorts.Draw(1, draw)[0]}/");
        var definitions = Directory.CreateDirectory(Path.Combine(Folder, "pipelines")).FullName;
        Add(_fronts, new ChaosProgram(
            "host",
            programs.Standalone,
            [
                "--urls", address.ToString().TrimEnd('/'), "--data", Data, "--pipelines", definitions,
                .. StoreNames(experiment).SelectMany(name => (string[])["--store", $"{name}={Store(name)}"]),
            ],
            address,
            "health"));
    }

    private void AddCluster(ExperimentSystem experiment, ChaosPrograms programs, Random draw)
    {
        var ports = FreePorts.Draw((experiment.Silos * 3) + experiment.Fronts, draw);
        var database = $"--Orleans:Clustering:ConnectionString={experiment.Database}";
        var id = $"--Orleans:ClusterId=chaos-{Guid.NewGuid():N}";
        for (var silo = 0; silo < experiment.Silos; silo++)
        {
            var (port, gateway) = (ports[silo * 3], ports[(silo * 3) + 1]);
            var address = new Uri($"http://127.0.0.1:{ports[(silo * 3) + 2]}/");
            Add(_silos, new ChaosProgram(
                $"silo-{silo + 1}",
                programs.Silo,
                [
                    database, id, "--Orleans:Endpoints:AdvertisedIPAddress=127.0.0.1",
                    $"--Orleans:Endpoints:SiloPort={port}", $"--Orleans:Endpoints:GatewayPort={gateway}",
                    $"--Pipeline:Urls={address}", $"--Pipeline:Data={Data}",
                    .. StoreNames(experiment).Select(name => $"--Pipeline:Store:{name}={Store(name)}"),
                ],
                address,
                "health/ready"));
        }

        for (var front = 0; front < experiment.Fronts; front++)
        {
            var address = new Uri($"http://127.0.0.1:{ports[(experiment.Silos * 3) + front]}/");
            Add(_fronts, new ChaosProgram(
                $"front-{front + 1}", programs.Front, [database, id, $"--Pipeline:Urls={address}"], address, "health"));
        }
    }

    private void Add(List<ChaosProcess> to, ChaosProgram program) =>
        to.Add(new ChaosProcess(program, Path.Combine(Folder, $"{program.Name}.log")));

    /// <summary>A file stands in its place, so that nobody makes a new one there meanwhile.</summary>
    private async Task LoseAsync(ExperimentFault fault, bool isReplaced, CancellationToken cancellationToken)
    {
        var gate = await EnterAsync(fault.Target, cancellationToken);
        var (store, away) = (Store(fault.Target), Store(fault.Target) + ".lost");
        try
        {
            // After it was replaced, nobody may have made it anew yet.
            Directory.CreateDirectory(store);
            Directory.Move(store, away);
            await File.WriteAllTextAsync(store, "no store", CancellationToken.None);
            await Task.Delay(fault.For, TimeProvider.System, cancellationToken);
        }
        finally
        {
            File.Delete(store);
            if (isReplaced)
            {
                Directory.Delete(away, recursive: true);
            }
            else
            {
                Directory.Move(away, store);
            }

            gate.Release();
        }
    }

    private async Task<SemaphoreSlim> EnterAsync(string store, CancellationToken cancellationToken)
    {
        var gate = _stores.GetOrAdd(store, static _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        return gate;
    }

    private async Task CorruptAsync(string name, Random draw, CancellationToken cancellationToken)
    {
        var gate = await EnterAsync(name, cancellationToken);
        try
        {
            string[] files = Directory.Exists(Store(name))
                ? [.. Directory.EnumerateFiles(Store(name), "*", SearchOption.AllDirectories)]
                : [];
            draw.Shuffle(files);
            foreach (var path in files.Take(FilesDamaged))
            {
                Corrupt(path, draw);
            }
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>One byte, anywhere in it.</summary>
    private static void Corrupt(string path, Random draw)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (file.Length == 0)
            {
                return;
            }

            file.Position = draw.NextInt64(file.Length);
            var before = file.ReadByte();
            file.Position--;
            file.WriteByte((byte)(before ^ 0xFF));
        }
        catch (IOException)
        {
            // It has just been deleted.
        }
    }
}
