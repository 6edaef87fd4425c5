using System.Diagnostics;
using System.Text.Json.Nodes;
using Pipeline.Cluster.Acceptance.Sites;

namespace Pipeline.Cluster.Acceptance.Several;

/// <summary>
/// Looks at the status of pipelines again and again, through one front after the other, and notes what cannot be true:
/// an instance that is "running" makes progress or has nothing to do; a pipeline that was applied is there, and its
/// generation only rises.
/// </summary>
internal sealed class StatusWatch(SiloSite site) : IAsyncDisposable
{
    /// <summary>
    /// For how long an instance that says it runs may stand with events before it: longer than any takeover takes.
    /// </summary>
    private static readonly TimeSpan LongestStand = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, (long Cursor, long Since)> _standing = [];
    private readonly Dictionary<string, long> _generations = [];
    private readonly List<string> _lies = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>How often a status was looked at.</summary>
    public int Looks { get; private set; }

    public void Start() => _watching = Task.Run(WatchAsync);

    /// <summary>Ends; fails where something could not be true.</summary>
    public async Task HoldsAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        Assert.True(_lies.Count == 0, $"{_lies.Count} of {Looks} looks: {string.Join("\n", _lies.Take(10))}");
    }

    /// <summary>Waits until all instances of all pipelines run and have read all there is.</summary>
    public static Task HaveReadAllAsync(SiloSite site, TimeSpan limit) => TestKit.Machines.Eventually.GetAsync(
        async () =>
        {
            using var client = site.Client(0);
            var left = new List<string>();
            foreach (var name in SeveralPipelines.Names)
            {
                var answer = await client.GetAsync($"v1/pipelines/{name}");
                left.AddRange(!answer.IsOk ? [$"{name}: {answer}"] : answer.Json["instances"]!.AsArray()
                    .Where(static instance =>
                        (string)instance!["state"]! != "running" || (long)instance["lagEvents"]! != 0)
                    .Select(instance => $"{name}: {instance!.ToJsonString()}"));
            }

            return string.Join('\n', left);
        },
        static left => left.Length == 0,
        limit,
        "all instances have read all there is");

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        for (var look = 0; !_stop.IsCancellationRequested; look++)
        {
            using var client = site.Client(look % site.Fronts.Count);
            foreach (var name in SeveralPipelines.Names)
            {
                var answer = await client.GetAsync($"v1/pipelines/{name}");
                Looks++;
                if (answer.IsOk)
                {
                    Take(name, answer.Json);
                }
                else if (answer.Status != 404 || _generations.ContainsKey(name))
                {
                    _lies.Add($"{name}: {answer}");
                }
            }

            await Task.Delay(Pause);
        }
    }

    private void Take(string name, JsonNode pipeline)
    {
        var generation = (long)pipeline["generation"]!;
        if (generation < _generations.GetValueOrDefault(name))
        {
            _lies.Add($"{name}: generation {generation} after {_generations[name]}");
        }

        _generations[name] = generation;
        foreach (var instance in pipeline["instances"]!.AsArray())
        {
            TakeInstance($"{name}/{instance!["stage"]}/{instance["input"]}/{instance["partition"]}", instance);
        }
    }

    private void TakeInstance(string id, JsonNode instance)
    {
        var (state, cursor) = ((string)instance["state"]!, (long)instance["cursor"]!);
        if (state is "failed" or "fenced")
        {
            _lies.Add($"{id}: {instance.ToJsonString()}");
        }

        if (state != "running" || (long)instance["lagEvents"]! == 0
            || !_standing.TryGetValue(id, out var stand) || stand.Cursor != cursor)
        {
            _standing[id] = (cursor, Stopwatch.GetTimestamp());
        }
        else if (Stopwatch.GetElapsedTime(stand.Since) > LongestStand)
        {
            _lies.Add($"{id} says it runs, and stands for {LongestStand.TotalSeconds} s: {instance.ToJsonString()}");
            _standing[id] = (cursor, Stopwatch.GetTimestamp());
        }
    }
}
