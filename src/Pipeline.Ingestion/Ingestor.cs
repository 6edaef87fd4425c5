using Pipeline.Replication.Partitions;
using Pipeline.Replication.Tracing;

namespace Pipeline.Ingestion;

/// <summary>
/// Takes requests: all checks first, so that a refused request appends nothing; then the handle's home partition is
/// asked; then all parts go out at once, and the answers become one.
/// </summary>
/// <param name="seed">Chance for spreading events without key.</param>
/// <param name="time">The clock by which it waits for partitions that open; null: it does not wait.</param>
public sealed class Ingestor(Random seed, TimeProvider? time = null)
{
    /// <summary>How long a request waits for a partition that was just opened.</summary>
    private static readonly TimeSpan OpeningPatience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan OpeningInterval = TimeSpan.FromMilliseconds(10);

    private readonly SpreadSource _spread = new(seed);

    public async ValueTask<IngestOutcome> IngestAsync(IngestRequest request)
    {
        using var span = EventSpans.Append(request.Target.Stream);
        if (RequestParser.TryParse(request, _spread, TraceContexts.Of(span), out var parts) is { } refusal)
        {
            return refusal;
        }

        if (request.IsAtomic && parts.Count > 1)
        {
            return IngestOutcome.Refuse(
                IngestProblem.NotBuilt, "atomic=true over more than one partition is not built yet.");
        }

        foreach (var part in parts)
        {
            var partition = request.Target.Partitions[part.Partition];
            if (!partition.MayAppend && !await MayAppendAsync(partition))
            {
                return IngestOutcome.Refuse(
                    IngestProblem.NotAppended, $"Partition {part.Partition} does not accept events now.");
            }
        }

        return await (parts.Find(static part => part.Header.IsHome) is { } home
            ? AppendReservedAsync(request.Target, parts, home)
            : AppendAsync(request.Target, parts));
    }

    /// <summary>Whether a partition takes events; one that is opening is waited for.</summary>
    private async ValueTask<bool> MayAppendAsync(IPartition partition)
    {
        if (partition.MayAppend || time is null || !partition.IsOpening)
        {
            return partition.MayAppend;
        }

        var started = time.GetTimestamp();
        while (!partition.MayAppend && partition.IsOpening && time.GetElapsedTime(started) < OpeningPatience)
        {
            await Task.Delay(OpeningInterval, time);
        }

        return partition.MayAppend;
    }

    private static async ValueTask<IngestOutcome> AppendReservedAsync(
        IngestTarget target, List<IngestPart> parts, IngestPart home)
    {
        var partition = target.Partitions[home.Partition];
        var reserved = await partition.ReserveAsync(home.Header, CancellationToken.None);
        if (reserved.Status != AppendStatus.Appended)
        {
            return AppendMerge.Refuse(reserved.Status, reserved.Expected, null);
        }

        try
        {
            return await AppendAsync(target, parts);
        }
        finally
        {
            partition.Release(home.Header);
        }
    }

    /// <summary>Sends all parts, then waits for each; a partition holds its part's bytes until then.</summary>
    private static async ValueTask<IngestOutcome> AppendAsync(IngestTarget target, List<IngestPart> parts)
    {
        var merge = new AppendMerge();
        if (parts.Count == 1)
        {
            merge.Add(parts[0].Partition, await AppendAsync(target, parts[0]));
            return merge.Complete();
        }

        var running = new Task<AppendOutcome>[parts.Count];
        for (var i = 0; i < running.Length; i++)
        {
            running[i] = AppendAsync(target, parts[i]).AsTask();
        }

        for (var i = 0; i < running.Length; i++)
        {
            merge.Add(parts[i].Partition, await running[i]);
        }

        return merge.Complete();
    }

    private static ValueTask<AppendOutcome> AppendAsync(IngestTarget target, IngestPart part) =>
        target.Partitions[part.Partition].AppendAsync(
            new AppendRequest { Header = part.Header, Part = part.Bytes, EventHandles = part.EventHandles },
            CancellationToken.None);
}
