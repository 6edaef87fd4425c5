using System.Text;
using Pipeline.Ingestion;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Loops;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Clients;

/// <summary>
/// Posts events, one request at a time, under one kind of handle. With a handle it goes on until a request is
/// acknowledged; without one only until it may have been written.
/// </summary>
public sealed class EventClient(
    World world, SimulatedLoop loop, int number, HandleKind handles, int requests, IReadOnlyList<string> keys)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);
    private long _events;

    /// <summary>All its requests are answered.</summary>
    public bool IsDone { get; private set; }

    /// <summary>For people: what it waits for.</summary>
    public string Waiting { get; private set; } = "";

    public void Start() => loop.Post(_ => Run(), null);

    private async void Run()
    {
        for (var i = 0; i < requests; i++)
        {
            await Pause(world.Options.ThinkTime);
            await SendAsync(i);
        }

        IsDone = true;
    }

    private async Task SendAsync(int sequence)
    {
        var events = Enumerable.Range(0, 1 + loop.Node.Draw.Next(2 * keys.Count)).Select(_ => NewEvent()).ToArray();
        var request = new SentRequest
        {
            Events = events,
            HasHandle = handles != HandleKind.None,
            SentAt = loop.Queue.Now,
        };
        world.History.Requests.Add(request);
        var body = Body(events);
        while (request.Knowledge != Knowledge.Acknowledged)
        {
            Waiting = events[0].Value;
            var process = world.AnyReady(loop.Node.Draw) as EngineProcess;
            if (process is not null)
            {
                var outcome = await PostAsync(process, body, sequence);
                Note(request, outcome);
                if (request.Knowledge == Knowledge.Unknown && !request.HasHandle)
                {
                    return;
                }
            }

            await Pause(TimeSpan.FromMilliseconds(200));
        }
    }

    private Task<IngestOutcome?> PostAsync(EngineProcess process, byte[] body, int sequence) =>
        Connection.CallAsync(loop, process, Timeout, async () =>
        {
            if (!process.Engine.Streams.TryGet(World.Stream, out var stream))
            {
                return new IngestOutcome { Problem = IngestProblem.NotAppended, Detail = "no such stream yet" };
            }

            return await process.Ingestor.IngestAsync(new IngestRequest
            {
                Target = StreamTargets.Of(stream),
                Format = handles == HandleKind.Event ? BodyFormat.CloudEventBatch : BodyFormat.Ndjson,
                Body = body,
                Handle = HandleOf(sequence),
            });
        });

    private DeduplicationHandle HandleOf(int sequence) => handles switch
    {
        _ when world.Options.Bug == PlantedBug.HandlesAreForgotten => DeduplicationHandle.None,
        HandleKind.Key => new DeduplicationHandle(handles, Hash128.Of(Encoding.UTF8.GetBytes($"c{number}-{sequence}"))),
        HandleKind.Producer => new DeduplicationHandle(
            handles, Hash128.Of(Encoding.UTF8.GetBytes($"c{number}")), sequence),
        _ => DeduplicationHandle.None,
    };

    private void Note(SentRequest request, IngestOutcome? outcome)
    {
        var status = outcome switch
        {
            null or { Problem: IngestProblem.OutcomeUnknown } => AppendStatus.OutcomeUnknown,
            { Problem: null } => AppendStatus.Appended,
            { Problem: IngestProblem.TooFast } => AppendStatus.TooFast,
            { Problem: IngestProblem.InProgress } => AppendStatus.InProgress,
            { Problem: IngestProblem.NotAppended } => AppendStatus.NotAppended,
            _ => AppendStatus.KeyReused,
        };
        if (status == AppendStatus.KeyReused)
        {
            world.History.Violations.Add($"{request.Events[0].Value}: {outcome!.Problem} {outcome.Detail}");
        }

        request.Note(status, status == AppendStatus.Appended ? PlacesOf(request, outcome!) : []);
    }

    /// <summary>Positions come by partition, in the order of the request.</summary>
    private List<(int Partition, long Offset)> PlacesOf(SentRequest request, IngestOutcome outcome)
    {
        var offsets = outcome.Positions
            .SelectMany(static run => Enumerable.Range(0, run.Count)
                .Select(i => (run.Partition, Offset: run.First + i)))
            .GroupBy(static place => place.Partition)
            .ToDictionary(
                static group => group.Key, static group => new Queue<long>(group.Select(static p => p.Offset)));
        var places = new List<(int, long)>();
        foreach (var sent in request.Events)
        {
            var partition = KeySlot.Of(Encoding.UTF8.GetBytes(sent.Key)).Partition(world.Options.Partitions);
            if (!offsets.TryGetValue(partition, out var left) || !left.TryDequeue(out var offset))
            {
                world.History.Violations.Add($"the answer names no position for {sent.Value}");
                offset = -1;
            }

            places.Add((partition, offset));
        }

        return places;
    }

    private SentEvent NewEvent()
    {
        var (key, id) = (keys[(int)(_events % keys.Count)], _events++);
        var amount = loop.Node.Draw.Next(100);
        var at = World.TimeText(loop.Queue.Now - loop.Node.Draw.NextInt64(TimeSpan.TicksPerSecond));
        var value = $$"""{"k":"{{key}}","c":{{number}},"n":{{id}},"v":{{amount}},"ts":"{{at}}"}""";
        return new SentEvent(number, key, id, value);
    }

    private byte[] Body(SentEvent[] events) => Encoding.UTF8.GetBytes(handles == HandleKind.Event
        ? $"[{string.Join(',', events.Select(CloudEvent))}]"
        : string.Join('\n', events.Select(static sent => sent.Value)));

    private static string CloudEvent(SentEvent sent) =>
        $$"""{"specversion":"1.0","type":"t","source":"c{{sent.Client}}","id":"{{sent.Number}}",""" + $$"""
            "data":{{sent.Value}}}
            """;

    private Task Pause(TimeSpan most) =>
        Task.Delay(TimeSpan.FromTicks(1 + loop.Node.Draw.NextInt64(most.Ticks + 1)), loop.Time);
}
