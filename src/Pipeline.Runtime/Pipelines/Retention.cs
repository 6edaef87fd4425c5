using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Lets go of events that are kept long enough and that every stage and sink has read, as its durable checkpoint says.
/// The event before the lowest cursor stays, because control parts lie behind it in the log.
/// </summary>
internal sealed class Retention(PipelineHost host)
{
    public async Task TrimAsync(KeeperView view, CancellationToken cancellationToken)
    {
        // A pipeline that cannot be planned here has cursors that nobody knows.
        var isWhole = view.Pipelines.Values.All(pipeline => pipeline.Plan is not null);
        foreach (var stream in view.Streams.Values.OrderBy(stream => stream.Name))
        {
            if (stream.Definition is { Retention: { } age } && (isWhole || stream.Definition.IsRetentionHard))
            {
                await TrimAsync(view, stream, age, cancellationToken);
            }
        }
    }

    private async Task TrimAsync(
        KeeperView view, CatalogedStream stream, TimeSpan age, CancellationToken cancellationToken)
    {
        var before = host.Loop.Time.GetUtcNow().UtcTicks - age.Ticks;
        foreach (var partition in stream.Partitions)
        {
            var status = partition.Status;
            if (!status.IsServing || status.First == status.Committed)
            {
                continue;
            }

            var old = age == TimeSpan.Zero
                ? status.Committed
                : status.Oldest >= before ? status.First : await partition.FindAsync(before, cancellationToken);
            var read = Read(view, stream, partition.Id.Index);
            var low = stream.Definition.IsRetentionHard || read > old.Value ? old : new LogOffset(read);
            if (low > status.First)
            {
                await partition.TrimAsync(low, cancellationToken);
            }
        }
    }

    /// <summary>What every reader has read for good.</summary>
    private static long Read(KeeperView view, CatalogedStream stream, int partition)
    {
        var lowest = long.MaxValue;
        foreach (var running in view.Pipelines.Values.SelectMany(pipeline => pipeline.Instances))
        {
            if (running.Id.InputStream == stream.Id && running.Id.Partition == partition)
            {
                lowest = Math.Min(lowest, Math.Max(0, (running.Instance.DurableCursor ?? 0) - 1));
            }
        }

        return lowest;
    }
}
