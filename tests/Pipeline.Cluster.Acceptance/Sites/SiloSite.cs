using System.Text.Json.Nodes;
using Pipeline.Storage.Directories;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Logs;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>Silos over three directory stores and the fronts before them, wherever they run.</summary>
/// <param name="silos">How many silos there may be at most.</param>
/// <param name="fronts">How many fronts there may be at most.</param>
internal abstract class SiloSite(int silos, int fronts) : IAsyncDisposable
{
    /// <summary>How many silos there are unless a test wants another number.</summary>
    public const int Silos = 3;

    protected const int FrontCount = 2;

    /// <summary>Longer than the database is ever away: what starts meanwhile waits for it.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Confirmed = TimeSpan.FromSeconds(0.5);

    private readonly ClusterProcess?[] _silos = new ClusterProcess?[silos];
    private readonly ClusterProcess?[] _fronts = new ClusterProcess?[fronts];

    public IReadOnlyList<Uri> Fronts => [.. Enumerable.Range(0, FrontCount).Select(AddressOfFront)];

    /// <summary>What clients of the fronts send; null: the fronts ask for nothing.</summary>
    public virtual string? Key => null;

    /// <summary>Silos and fronts that were started.</summary>
    public IEnumerable<ClusterProcess> Processes => _silos.Concat(_fronts).OfType<ClusterProcess>();

    /// <summary>Fronts that were started.</summary>
    public IReadOnlyList<ClusterProcess> FrontProcesses => [.. _fronts.OfType<ClusterProcess>()];

    /// <summary>What all processes printed.</summary>
    public string Output => string.Join("\n---\n", Processes.Select(static process => process.Output));

    /// <summary>The logs as they lie on the stores now.</summary>
    public async Task<LogEvidence> ReadLogsAsync()
    {
        var slots = "abc".Select(name => new DirectorySlot($"{name}", StoreFolder(name))).ToList();
        try
        {
            return await LogEvidence.ReadAsync(slots);
        }
        finally
        {
            slots.ForEach(static slot => slot.Dispose());
        }
    }

    /// <summary>Everything that lies on the disk.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("pipeline-cluster-").FullName;

    /// <summary>Where a silo finds its data and the stores.</summary>
    protected IEnumerable<string> StoreArguments =>
        [$"--Pipeline:Data={Folder}", .. "abc".Select(name => $"--Pipeline:Store:{name}={StoreFolder(name)}")];

    public Task StartAllAsync(int silos = Silos) => Task.WhenAll(
        Enumerable.Range(0, silos).Select(silo => StartSiloAsync(silo))
            .Concat(Enumerable.Range(0, FrontCount).Select(front => StartFrontAsync(front))));

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="silo">Which.</param>
    /// <param name="program">Null: as built here.</param>
    public Task StartSiloAsync(int silo, string? program = null)
    {
        var process = CreateSilo(silo, program ?? Built.Silo);
        _silos[silo] = process;
        return process.IsReadyAsync(StartLimit);
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="front">Which.</param>
    /// <param name="program">Null: as built here.</param>
    public Task StartFrontAsync(int front, string? program = null)
    {
        var process = CreateFront(front, program ?? Built.Ingest);
        _fronts[front] = process;
        return process.IsReadyAsync(StartLimit);
    }

    public abstract Uri AddressOfFront(int front);

    public ClusterProcess Silo(int silo) => _silos[silo] ?? throw new InvalidOperationException("not started");

    public ServiceClient Client(int front)
    {
        var client = new ServiceClient(Fronts[front]);
        client.Key = Key ?? client.Key;
        return client;
    }

    /// <summary>kill -9 of everything but the database.</summary>
    public void KillAll()
    {
        foreach (var process in Processes)
        {
            process.Dispose();
        }
    }

    public async Task DefineAsync(string name, string definition)
    {
        using var client = Client(0);
        var answer = await client.PutDefinitionAsync(name, definition);
        Assert.True(answer.IsApplied, $"{answer}\n{Output}");
    }

    /// <summary>Which partitions of a stream a silo serves, by its own account.</summary>
    public async Task<IReadOnlyList<int>> PartitionsAsync(int silo, string stream)
    {
        return [.. (await GrainsAsync(silo))["partitions"]!.AsArray().Select(static key => ((string)key!).Split('/'))
            .Where(key => key[0] == stream).Select(static key => int.Parse(key[^1]))];
    }

    /// <summary>The address and generation of a silo: another one after each start.</summary>
    public async Task<string> AddressAsync(int silo) => (string)(await GrainsAsync(silo))["silo"]!;

    /// <summary>The silo that the keeper runs on; waits until there is one.</summary>
    public async Task<int> KeeperAsync()
    {
        var found = -1;
        await Eventually.IsTrueAsync(
            async () =>
            {
                for (found = _silos.Length - 1; found >= 0; found--)
                {
                    if (_silos[found] is { HasExited: false }
                        && (bool?)(await TryGrainsAsync(found))?["keeper"] is true)
                    {
                        break;
                    }
                }

                return found >= 0;
            },
            StartLimit,
            "a silo has the keeper");
        return found;
    }

    /// <summary>
    /// Waits until the process of a silo has another silo than the one of this address, and that is ready.
    /// </summary>
    public Task IsAnotherAsync(int silo, string address, TimeSpan limit) => Eventually.IsTrueAsync(
        async () =>
        {
            Assert.False(Silo(silo).HasExited, Silo(silo).Output);
            return await Silo(silo).StatusAsync("health/ready") == 200 && await TryGrainsAsync(silo) is { } now
                && (string?)now["silo"] != address;
        },
        limit,
        "another silo in the same process");

    /// <summary>The partitions of a stream that each silo serves, as "0 3 | 1 | 2"; of one gone, none.</summary>
    public async Task<string> PlacesAsync(string stream)
    {
        var places = new List<string>();
        for (var silo = 0; silo < _silos.Length; silo++)
        {
            var own = _silos[silo] is { HasExited: false } ? await PartitionsAsync(silo, stream) : [];
            places.Add(string.Join(' ', own.Order()));
        }

        return string.Join(" | ", places);
    }

    /// <summary>
    /// Waits until every one of the silos serves its share of a stream's partitions, ±1, and each partition is where
    /// it was a moment ago: one that two silos start at once shows on both until the directory has chosen.
    /// </summary>
    public Task IsEvenAsync(string stream, int partitions, TimeSpan limit, int silos = Silos)
    {
        var even = string.Join(' ', Enumerable.Range(0, silos).Select(silo => (partitions + silo) / silos)
            .Concat(Enumerable.Repeat(0, _silos.Length - silos)).Order());
        return Eventually.GetAsync(
            async () =>
            {
                var places = await PlacesAsync(stream);
                if (Counts(places) != even)
                {
                    return places;
                }

                await Task.Delay(Confirmed);
                var later = await PlacesAsync(stream);
                return later == places ? places : $"{places} and then {later}";
            },
            places => Counts(places) == even,
            limit,
            "partitions spread evenly");

        static string Counts(string places) => string.Join(' ', places.Split(" | ")
            .Select(static own => own.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length).Order());
    }

    /// <summary>Silos and fronts as at the start: the first ones run, and no others.</summary>
    public Task RestoreAsync()
    {
        End(_silos.AsSpan(Silos));
        End(_fronts.AsSpan(FrontCount));
        return Task.WhenAll(
            Enumerable.Range(0, Silos).Where(silo => _silos[silo] is not { HasExited: false })
                .Select(silo => StartSiloAsync(silo))
                .Concat(Enumerable.Range(0, FrontCount).Where(front => _fronts[front] is not { HasExited: false })
                    .Select(front => StartFrontAsync(front))));
    }

    public async ValueTask DisposeAsync()
    {
        KillAll();
        await DisposeMachinesAsync();
        Directory.Delete(Folder, recursive: true);
    }

    protected abstract ClusterProcess CreateSilo(int silo, string program);

    protected abstract ClusterProcess CreateFront(int front, string program);

    /// <summary>Ends what the processes ran on, when they are gone.</summary>
    protected abstract Task DisposeMachinesAsync();

    protected string StoreFolder(char name) => Path.Combine(Folder, "stores", $"{name}");

    private static void End(Span<ClusterProcess?> processes)
    {
        foreach (var process in processes)
        {
            process?.Dispose();
        }

        processes.Clear();
    }

    /// <summary>What a silo says of itself; one that starts anew in its process does not answer for a moment.</summary>
    private async Task<JsonNode> GrainsAsync(int silo) => await Eventually.GetAsync(
        () => TryGrainsAsync(silo),
        static grains => grains is not null,
        StartLimit,
        $"silo {silo} answers") ?? throw new InvalidOperationException();

    private async Task<JsonNode?> TryGrainsAsync(int silo)
    {
        Assert.False(Silo(silo).HasExited, $"silo {silo} has ended; it said:\n{Silo(silo).Output}");
        try
        {
            return JsonNode.Parse(await Silo(silo).GetAsync("grains"));
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }
}
