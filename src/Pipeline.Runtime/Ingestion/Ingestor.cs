using Pipeline.Runtime.Partitions;
using Pipeline.Runtime.Tracing;

namespace Pipeline.Runtime.Ingestion;

/// <summary>
/// Takes requests: all checks first, so that a refused request appends nothing; then the handle's home partition is
/// asked; then all parts go out at once, and the answers become one.
/// </summary>
public sealed class Ingestor(Random seed)
{
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
            if (!request.Target.Partitions[part.Partition].MayAppend)
            {
                return IngestOutcome.Refuse(
                    IngestProblem.NotAppended, $"Partition {part.Partition} does not accept events now.");
            }
        }

        return await AppendReservedAsync(request.Target, parts);
    }

    private static async ValueTask<IngestOutcome> AppendReservedAsync(IngestTarget target, List<IngestPart> parts)
    {
        var home = parts.Find(part => part.Header.IsHome);
        if (home is null)
        {
            return await AppendAsync(target, parts);
        }

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
        var running = new Task<AppendOutcome>[parts.Count];
        for (var i = 0; i < running.Length; i++)
        {
            var part = parts[i];
            running[i] = target.Partitions[part.Partition].AppendAsync(
                new AppendRequest { Header = part.Header, Part = part.Bytes, EventHandles = part.EventHandles },
                CancellationToken.None).AsTask();
        }

        var merge = new AppendMerge();
        for (var i = 0; i < running.Length; i++)
        {
            merge.Add(parts[i].Partition, await running[i]);
        }

        return merge.Complete();
    }
}
