using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>How far the readers of a partition have read.</summary>
internal static class RetentionReaders
{
    /// <summary>
    /// What all stages and sinks have read for good, less the event before it; 0 where that is not known of one of
    /// them: not recovered yet, paused since the host started, of a pipeline that cannot be planned here, or planned
    /// and not there. Null: nobody reads it, and what nobody reads goes by its age alone. What a stage writes for
    /// other stages only (it is kept for no time) waits for a reader to come back.
    /// </summary>
    public static long? Read(KeeperView view, CatalogedStream stream, IPartition partition)
    {
        long? lowest = stream.Definition is { IsIngest: false, Retention.Ticks: 0 } ? 0 : null;
        var isFirst = true;
        foreach (var entry in view.State.Pipelines)
        {
            if (view.Pipelines.GetValueOrDefault(entry.Name) is not { Plan: { } plan } pipeline)
            {
                return 0;
            }

            var readers = plan.Groups.Where(group => group.Input == stream.Name).Select(group => group.Name)
                .Concat(plan.Sinks.Where(sink => sink.Input == stream.Name).Select(sink => sink.Name)).ToHashSet();
            foreach (var running in pipeline.Instances)
            {
                if (running.Id.InputStream == stream.Id && running.Id.Partition == partition.Id.Index)
                {
                    var read = Math.Max(0, (running.Instance.DurableCursor ?? 0) - 1);
                    lowest = isFirst ? read : Math.Min(lowest!.Value, read);
                    isFirst = false;
                    readers.Remove(running.Id.Stage);
                }
            }

            if (readers.Count > 0)
            {
                return 0;
            }
        }

        return lowest;
    }
}
