using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Consumers;

namespace Pipeline.Http.Events;

/// <summary>
/// GET /v1/streams/{stream}/events: committed events as NDJSON, or, for text/event-stream, as a tail that goes on.
/// </summary>
internal sealed class GetEvents(EngineAccess access, TailEvents tails, ReaderPatience patience, TimeProvider time)
{
    private const int ReadBytes = 1 << 20;

    public async Task HandleAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["stream"]!;
        if (!access.TryGetStream(name, out var stream, out var problem))
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        if (ReadQuery.TryRead(context.Request.Query, stream.Partitions.Count, out var query) is { } wrong)
        {
            await ProblemWriter.WriteAsync(context, wrong);
            return;
        }

        (query, problem) = await PlaceAsync(context, stream, query);
        if (problem is not null)
        {
            await ProblemWriter.WriteAsync(context, problem);
            return;
        }

        if (EventAccept.IsTail(context.Request))
        {
            await tails.HandleAsync(
                context, stream, query, () => access.TryGetStream(name, out _, out var gone) ? null : gone);
            return;
        }

        var partitions = PartitionsOf(stream, query);
        if (query.Wait > TimeSpan.Zero && !HttpMethods.IsHead(context.Request.Method))
        {
            await WaitAsync(context, partitions, query);
        }

        await ReadAllAsync(context, partitions, query);
    }

    /// <summary>A consumer begins where it has come to.</summary>
    private async ValueTask<(ReadQuery Query, Problem? Problem)> PlaceAsync(
        HttpContext context, IStream stream, ReadQuery query)
    {
        if (query.Consumer is not { } name)
        {
            return (query, null);
        }

        var found = await new ConsumerStore(access.Engine.Records).GetAsync(stream.Id, name, context.RequestAborted);
        return (query with { Offsets = found.Consumer?.Offsets },
            ConsumerProblems.Of(found, stream.Name.Value, name));
    }

    /// <summary>For a consumer those first that have most to give: none waits for good behind another one.</summary>
    private static IReadOnlyList<IPartition> PartitionsOf(IStream stream, ReadQuery query) =>
        query.Partition is { } one ? [stream.Partitions[one]]
        : query.Offsets is { } offsets ? [.. stream.Partitions.OrderByDescending(partition =>
            partition.Status.Committed.Value - offsets[partition.Id.Index])]
        : stream.Partitions;

    private async Task WaitAsync(HttpContext context, IReadOnlyList<IPartition> partitions, ReadQuery query)
    {
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var starts = partitions.Select(partition => (partition, query.Offsets![partition.Id.Index]));
        try
        {
            await EventWait.AnyAsync(starts, query.Wait, time, ended.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops: what there is now is answered.
        }
    }

    private async Task ReadAllAsync(HttpContext context, IReadOnlyList<IPartition> partitions, ReadQuery query)
    {
        context.Response.ContentType = "application/x-ndjson";
        var left = HttpMethods.IsHead(context.Request.Method) ? 1 : query.Max;
        foreach (var partition in partitions)
        {
            if (left == 0)
            {
                break;
            }

            var (written, problem) = await query.StartAsync(partition, context.RequestAborted) is { } start
                ? await ReadAsync(context, partition, start, left, query)
                : (0, ReadProblems.Unavailable(partition.Id));
            left -= written;
            if (problem is not null)
            {
                await FailAsync(context, problem);
                return;
            }
        }

        await patience.FlushAsync(context, context.RequestAborted);
    }

    private async ValueTask<(int Written, Problem? Problem)> ReadAsync(
        HttpContext context, IPartition partition, LogOffset from, int max, ReadQuery query)
    {
        var sink = new NdjsonSink(context.Response.BodyWriter, query.WithTrace);
        var copy = new EventCopy(sink, query, partition.Id.Index, from.Value, max);
        var request = new ReadRequest { From = from, MaxBytes = ReadBytes };
        while (!copy.IsFull)
        {
            var read = await partition.ReadAsync(request, context.RequestAborted);
            if (read.Status is ReadStatus.Trimmed or ReadStatus.Unavailable or ReadStatus.BeyondEnd)
            {
                var problem = ReadProblems.Of(read, partition.Id);
                return ((int)copy.Written, query.Consumer is not { } name || read.Status != ReadStatus.Trimmed
                    ? problem
                    : problem with
                    {
                        Detail = $"{problem.Detail} Consumer '{name}' had not come so far: a commit of that offset "
                            + "goes on there.",
                    });
            }

            foreach (var block in read.Blocks)
            {
                copy.Take(block);
            }

            if (read.Blocks.Count == 0 || read.Next is null)
            {
                break;
            }

            request = request.Following(read);
            await patience.FlushAsync(context, context.RequestAborted);
        }

        return ((int)copy.Written, null);
    }

    /// <summary>Once events went out the only honest end is a broken connection.</summary>
    private static Task FailAsync(HttpContext context, Problem problem)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        return ProblemWriter.WriteAsync(context, problem);
    }
}
