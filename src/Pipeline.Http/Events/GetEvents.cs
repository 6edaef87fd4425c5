using Microsoft.AspNetCore.Http;
using Pipeline.Http.Engine;
using Pipeline.Http.Problems;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Http.Events;

/// <summary>
/// GET /v1/streams/{stream}/events: committed events as NDJSON, or, for text/event-stream, as a tail that goes on.
/// </summary>
internal sealed class GetEvents(EngineAccess access, TailEvents tails, ReaderPatience patience)
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

        if (EventAccept.IsTail(context.Request))
        {
            await tails.HandleAsync(
                context, stream, query, () => access.TryGetStream(name, out _, out var gone) ? null : gone);
            return;
        }

        await ReadAllAsync(context, stream, query);
    }

    private async Task ReadAllAsync(HttpContext context, IStream stream, ReadQuery query)
    {
        context.Response.ContentType = "application/x-ndjson";
        var left = HttpMethods.IsHead(context.Request.Method) ? 1 : query.Max;
        foreach (var partition in query.Partition is { } one ? [stream.Partitions[one]] : stream.Partitions)
        {
            if (left == 0)
            {
                break;
            }

            var (written, problem) = await query.StartAsync(partition, context.RequestAborted) is { } start
                ? await ReadAsync(context, partition, start, left, query.WithTrace)
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
        HttpContext context, IPartition partition, LogOffset from, int max, bool withTrace)
    {
        var sink = new NdjsonSink(context.Response.BodyWriter, withTrace);
        var request = new ReadRequest { From = from, MaxBytes = ReadBytes };
        var written = 0;
        while (written < max)
        {
            var read = await partition.ReadAsync(request, context.RequestAborted);
            if (read.Status is ReadStatus.Trimmed or ReadStatus.Unavailable or ReadStatus.BeyondEnd)
            {
                return (written, ReadProblems.Of(read, partition.Id));
            }

            foreach (var block in read.Blocks)
            {
                written += BlockEvents.Copy(block, partition.Id.Index, from.Value, max - written, sink);
            }

            if (read.Blocks.Count == 0 || read.Next is null)
            {
                break;
            }

            request = request.Following(read);
            await patience.FlushAsync(context, context.RequestAborted);
        }

        return (written, null);
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
