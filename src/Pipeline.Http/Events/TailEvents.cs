using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pipeline.Http.Problems;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Http.Events;

/// <summary>
/// Server-sent events (WHATWG HTML, section 9.2): one reader a partition, one writer at a time. A comment goes out
/// where nothing else does, so that both ends notice a dead connection.
/// </summary>
internal sealed class TailEvents(ReaderPatience patience)
{
    private const int ReadBytes = 1 << 18;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <param name="context">The request.</param>
    /// <param name="stream">What is read.</param>
    /// <param name="query">From where on.</param>
    /// <param name="whyGone">Why the stream cannot be read any more; null while it is there.</param>
    public async Task HandleAsync(HttpContext context, IStream stream, ReadQuery query, Func<Problem?> whyGone)
    {
        var position = new TailPosition();
        var lastId = context.Request.Headers["Last-Event-ID"].ToString();
        if (lastId.Length > 0 && !TailPosition.TryParse(lastId, stream.Partitions.Count, out position))
        {
            await ProblemWriter.WriteAsync(context, Problem.Malformed(
                $"Last-Event-ID must be the id of an event of this stream, as 0:12,1:7, not '{lastId}'."));
            return;
        }

        var partitions = query.Partition is { } one ? [stream.Partitions[one]] : stream.Partitions;
        foreach (var partition in partitions)
        {
            if (await PlaceAsync(partition, query, position, context.RequestAborted) is { } problem)
            {
                await ProblemWriter.WriteAsync(context, problem);
                return;
            }
        }

        await StreamAsync(context, partitions, position, query, whyGone);
    }

    /// <summary>Where to begin in a partition; a problem where nothing can be read from there on.</summary>
    private static async ValueTask<Problem?> PlaceAsync(
        IPartition partition, ReadQuery query, TailPosition position, CancellationToken cancellationToken)
    {
        if (position[partition.Id.Index] is null)
        {
            if (await query.StartAsync(partition, cancellationToken) is not { } start)
            {
                return ReadProblems.Unavailable(partition.Id);
            }

            position.Set(partition.Id.Index, start.Value);
        }

        var from = position[partition.Id.Index]!.Value;
        var status = partition.Status;
        if (status.First.Value > from)
        {
            return ReadProblems.Gone(partition.Id, status.First);
        }

        if (from <= status.Committed.Value)
        {
            return null;
        }

        // The snapshot may be old: whoever owns the partition knows.
        var read = await partition.ReadAsync(
            new ReadRequest { From = new LogOffset(from), MaxBytes = 1 }, cancellationToken);
        return read.Status is ReadStatus.Ok or ReadStatus.Closed ? null : ReadProblems.Of(read, partition.Id);
    }

    private async Task StreamAsync(
        HttpContext context,
        IReadOnlyList<IPartition> partitions,
        TailPosition position,
        ReadQuery query,
        Func<Problem?> whyGone)
    {
        context.Response.ContentType = "text/event-stream";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        var writer = context.Response.BodyWriter;
        writer.Write(": tailing\n\n"u8);
        await patience.FlushAsync(context, context.RequestAborted);
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        using var turn = new SemaphoreSlim(1);
        var starts = partitions.Select(p => (Partition: p, From: position[p.Id.Index]!.Value)).ToList();
        var readers = starts.Select(s => TailAsync(
            s.Partition, CopyOf(s.Partition, s.From), context, turn, whyGone, ended.Token)).ToList();
        await await Task.WhenAny(readers);
        await ended.CancelAsync();
        await Task.WhenAll(readers);

        EventCopy CopyOf(IPartition partition, long from) => new(
            new SseSink(writer, position, query.WithTrace), query, partition.Id.Index, from, long.MaxValue);
    }

    /// <summary>Ends when the client has gone, or with a last event named problem.</summary>
    private async Task TailAsync(
        IPartition partition,
        EventCopy copy,
        HttpContext context,
        SemaphoreSlim turn,
        Func<Problem?> whyGone,
        CancellationToken cancellationToken)
    {
        var writer = context.Response.BodyWriter;
        var request = new ReadRequest { From = new LogOffset(copy.From), MaxBytes = ReadBytes, Wait = Heartbeat };
        try
        {
            while (true)
            {
                var read = await partition.ReadAsync(request, cancellationToken);
                await turn.WaitAsync(cancellationToken);
                try
                {
                    var copied = Copy(read, copy);
                    var problem = read.Status != ReadStatus.Ok ? whyGone() ?? ReadProblems.Of(read, partition.Id)
                        : copied == 0 ? whyGone()
                        : null;
                    if (problem is not null)
                    {
                        Write(writer, problem);
                    }
                    else if (copied == 0)
                    {
                        writer.Write(":\n\n"u8);
                    }

                    await patience.FlushAsync(context, cancellationToken);
                    if (problem is not null)
                    {
                        return;
                    }
                }
                finally
                {
                    turn.Release();
                }

                request = request.Following(read);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static void Write(PipeWriter writer, Problem problem)
    {
        writer.Write("event: problem\ndata: "u8);
        using (var json = new Utf8JsonWriter((IBufferWriter<byte>)writer))
        {
            ProblemWriter.Write(json, problem);
        }

        writer.Write("\n\n"u8);
    }

    private static int Copy(ReadOutcome read, EventCopy copy)
    {
        var copied = 0;
        foreach (var block in read.Status == ReadStatus.Ok ? read.Blocks : [])
        {
            copied += copy.Take(block);
        }

        return copied;
    }
}
