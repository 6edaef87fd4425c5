using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Pipeline.TestKit.Clients;

namespace Pipeline.TestKit.Loads;

/// <summary>
/// Writers that each own some keys and number each key's events from 0. A writer has one request on its way, and
/// repeats it under the same handle until it is accepted; so every event that was sent must be stored once, and each
/// key's numbers must come in order.
/// </summary>
public sealed class KeyedLoad(
    IReadOnlyList<Uri> addresses, string stream, int writers, int keysPerWriter, int batch)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string Padding = new('x', 100);

    private readonly ConcurrentDictionary<string, long> _sent = new();
    private readonly ConcurrentQueue<Answer> _refused = new();
    private readonly ConcurrentQueue<AcceptedRequest> _acknowledged = new();
    private Task[] _running = [];
    private long _accepted;
    private volatile bool _stopping;

    public KeyedLoad(Uri address, string stream, int writers, int keysPerWriter, int batch)
        : this([address], stream, writers, keysPerWriter, batch)
    {
    }

    /// <summary>The key or token that writers send; null: PIPELINE_KEY, or none.</summary>
    public string? Credential { get; init; }

    /// <summary>
    /// What an event of a key and number has beside them: JSON that begins with a comma. It must be the same each time.
    /// </summary>
    public Func<string, long, string> Fields { get; init; } = static (_, _) => $",\"padding\":\"{Padding}\"";

    /// <summary>Begins its keys and the names of its requests: of two loads of one stream, each has its own.</summary>
    public string Name { get; init; } = "w";

    /// <summary>All keys that it writes.</summary>
    public IEnumerable<string> Keys => Enumerable.Range(0, writers).SelectMany(
        writer => Enumerable.Range(0, keysPerWriter).Select(key => Key(writer, key)));

    /// <summary>Between a writer's requests.</summary>
    public TimeSpan Pause { get; init; }

    /// <summary>Every request that was accepted, with its repetitions as one.</summary>
    public IReadOnlyCollection<AcceptedRequest> Acknowledged => _acknowledged;

    /// <summary>
    /// How many events each key was given, all of them accepted once <see cref="StopAsync"/> is done.
    /// </summary>
    public IReadOnlyDictionary<string, long> Sent => _sent;

    /// <summary>Every answer that was not 200.</summary>
    public IReadOnlyCollection<Answer> Refused => _refused;

    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Why a writer ended; null: all of them write.</summary>
    public AggregateException? Failure => _running.FirstOrDefault(static task => task.IsFaulted)?.Exception;

    public void Start() =>
        _running = [.. Enumerable.Range(0, writers).Select(writer => Task.Run(() => WriteAsync(writer)))];

    /// <summary>Lets every writer finish the request it is at.</summary>
    public Task StopAsync()
    {
        _stopping = true;
        return Task.WhenAll(_running);
    }

    /// <summary>Runs until another <paramref name="events"/> events were accepted.</summary>
    public async Task AcceptedMoreAsync(long events, TimeSpan limit)
    {
        var goal = Accepted + events;
        await Machines.Eventually.GetAsync(
            () => Task.FromResult(Accepted), accepted => accepted >= goal || Failure is not null, limit,
            $"{goal} events accepted");
        Assert.Null(Failure);
    }

    private async Task WriteAsync(int writer)
    {
        using var client = new ServiceClient(addresses[writer % addresses.Count]);
        client.Key = Credential ?? client.Key;
        var next = new long[keysPerWriter];
        for (var request = 0; !_stopping; request++)
        {
            var body = Body(writer, next, request);
            var sent = Stopwatch.GetTimestamp();
            var answer = await client.PostUntilAcceptedAsync(
                stream, body, $"{Name}{writer}-{request}", Limit, _refused.Enqueue);
            int[] partitions =
                [.. answer.Json["positions"]!.AsArray().Select(run => (int)run!["partition"]!).Distinct()];
            _acknowledged.Enqueue(new AcceptedRequest(sent, Stopwatch.GetTimestamp(), partitions));
            for (var key = 0; key < keysPerWriter; key++)
            {
                _sent[Key(writer, key)] = next[key];
            }

            Interlocked.Add(ref _accepted, batch);
            await Task.Delay(Pause);
        }
    }

    private byte[] Body(int writer, long[] next, int request)
    {
        var text = new StringBuilder();
        for (var i = 0; i < batch; i++)
        {
            var key = (request + i) % keysPerWriter;
            var (name, number) = (Key(writer, key), next[key]++);
            text.Append("{\"key\":\"").Append(name).Append("\",\"seq\":").Append(number)
                .Append(Fields(name, number)).Append("}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private string Key(int writer, int key) => $"{Name}{writer}-k{key}";
}
