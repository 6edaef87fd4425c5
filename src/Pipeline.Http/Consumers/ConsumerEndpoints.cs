using Microsoft.AspNetCore.Http;
using Pipeline.Http.Engine;
using Pipeline.Http.Events;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Consumers;
using Pipeline.Runtime.Engine;

namespace Pipeline.Http.Consumers;

/// <summary>Named consumers: /v1/streams/{stream}/consumers, …/{consumer}, …/{consumer}/commit.</summary>
internal sealed class ConsumerEndpoints(EngineAccess access, IngestBudgets budgets, TimeProvider time)
{
    private ConsumerStore Store => new(access.Engine.Records);

    public async Task ListAsync(HttpContext context)
    {
        if (!access.TryGetStream(StreamOf(context), out var stream, out var problem))
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        var consumers = await Store.ListAsync(stream.Id, context.RequestAborted);
        await (consumers is null
            ? RefuseAsync(context, new ConsumerOutcome(ConsumerStatus.Unavailable), "")
            : JsonAnswer.WriteAsync(context, json =>
            {
                json.WriteStartArray();
                foreach (var consumer in consumers)
                {
                    ConsumerJson.Write(json, stream, consumer);
                }

                json.WriteEndArray();
            }));
    }

    public Task GetAsync(HttpContext context) => RunAsync(context, (stream, name) =>
        Store.GetAsync(stream.Id, name, context.RequestAborted).AsTask());

    public async Task PutAsync(HttpContext context)
    {
        var name = NameOf(context);
        if (ConsumerProblems.OfName(name) is { } wrong)
        {
            await ProblemWriter.WriteAsync(context, wrong);
            return;
        }

        if (access.Engine.State == EngineState.Running)
        {
            // Where its partitions end now.
            var about = EngineQuestion.OfStream(new StreamName(StreamOf(context)));
            await access.Engine.RefreshAsync(about, context.RequestAborted);
        }

        await RunAsync(context, async (stream, _) =>
        {
            var found = await Store.GetAsync(stream.Id, name, context.RequestAborted);
            if (found.Status != ConsumerStatus.NotFound)
            {
                return (found, null);
            }

            var (offsets, problem) = await StartAsync(context, stream);
            return problem is not null
                ? (found, problem)
                : (await Store.PutAsync(
                    stream.Id,
                    new Consumer(name, time.GetUtcNow().UtcTicks, null, offsets),
                    context.RequestAborted), null);
        }, showsChange: true);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        if (!access.TryGetStream(StreamOf(context), out var stream, out var problem))
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        var name = NameOf(context);
        var outcome = await Store.DeleteAsync(stream.Id, name, context.RequestAborted);
        await (outcome.Status != ConsumerStatus.Done ? RefuseAsync(context, outcome, name)
            : JsonAnswer.WriteAsync(context, json =>
            {
                json.WriteStartObject();
                json.WriteBoolean("changed", true);
                json.WriteString("name", name);
                json.WriteString("stream", stream.Name.Value);
                json.WriteEndObject();
            }));
    }

    public async Task CommitAsync(HttpContext context)
    {
        var reset = context.Request.Query["reset"].ToString();
        if (reset is not ("" or "true" or "false"))
        {
            await ProblemWriter.WriteAsync(context, Problem.Malformed($"reset must be true or false, not '{reset}'."));
            return;
        }

        await RunAsync(context, async (stream, name) =>
        {
            var (offsets, wrong) = await CommitBody.ReadAsync(context.Request, budgets, stream.Partitions.Count);
            foreach (var (partition, offset) in wrong is null ? offsets : new Dictionary<int, long>())
            {
                wrong ??= await RefusalAsync(stream.Partitions[partition], offset, reset == "true", context);
            }

            if (wrong is not null)
            {
                // Of a consumer that is not there nothing else need be said.
                var found = await Store.GetAsync(stream.Id, name, context.RequestAborted);
                return (found, found.Status == ConsumerStatus.NotFound ? null : wrong);
            }

            var outcome = await Store.CommitAsync(
                stream.Id, name, offsets, reset == "true", time.GetUtcNow().UtcTicks, context.RequestAborted);
            return (outcome, null);
        });
    }

    /// <summary>Its place must be one that there is; going on, what is gone meanwhile is passed over.</summary>
    private static async ValueTask<Problem?> RefusalAsync(
        IPartition partition, long offset, bool isReset, HttpContext context)
    {
        if (!isReset && offset <= partition.Status.Committed.Value)
        {
            return null;
        }

        // The snapshot may be old: whoever owns the partition knows.
        var read = await partition.ReadAsync(
            new ReadRequest { From = new LogOffset(offset), MaxBytes = 1 }, context.RequestAborted);
        return read.Status is ReadStatus.Ok or ReadStatus.Closed ? null : ReadProblems.Of(read, partition.Id);
    }

    /// <summary>Where a new consumer begins.</summary>
    private static async ValueTask<(long[] Offsets, Problem? Problem)> StartAsync(HttpContext context, IStream stream)
    {
        var query = new ReadQuery();
        if (ReadQuery.TryReadFrom(context.Request.Query["from"].ToString(), ref query) is { } wrong)
        {
            return ([], wrong);
        }

        var offsets = new long[stream.Partitions.Count];
        foreach (var partition in stream.Partitions)
        {
            if (await query.StartAsync(partition, context.RequestAborted) is not { } start)
            {
                return ([], ReadProblems.Unavailable(partition.Id));
            }

            offsets[partition.Id.Index] = start.Value;
        }

        return (offsets, null);
    }

    private Task RunAsync(HttpContext context, Func<IStream, string, Task<ConsumerOutcome>> work) =>
        RunAsync(context, async (stream, name) => (await work(stream, name), null));

    private async Task RunAsync(
        HttpContext context,
        Func<IStream, string, Task<(ConsumerOutcome Outcome, Problem? Problem)>> work,
        bool showsChange = false)
    {
        if (!access.TryGetStream(StreamOf(context), out var stream, out var problem))
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        var name = NameOf(context);
        (var outcome, problem) = await work(stream, name);
        await (problem is not null ? ProblemWriter.WriteAsync(context, problem)
            : outcome is { Status: ConsumerStatus.Done, Consumer: { } consumer }
                ? JsonAnswer.WriteAsync(context, json => ConsumerJson.Write(
                    json, stream, consumer, showsChange ? outcome.IsChanged : null))
                : RefuseAsync(context, outcome, name));
    }

    private static Task RefuseAsync(HttpContext context, ConsumerOutcome outcome, string name) =>
        ProblemWriter.WriteAsync(context, ConsumerProblems.Of(outcome, StreamOf(context), name)!);

    private static string StreamOf(HttpContext context) => (string)context.Request.RouteValues["stream"]!;

    private static string NameOf(HttpContext context) => (string)context.Request.RouteValues["consumer"]!;
}
