using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Loops;
using Pipeline.Runtime.Partitions;
using Pipeline.Runtime.Stores;

namespace Pipeline.Runtime.Engine;

/// <summary>Makes the partition drivers of this process, spread over its loops. Used on the root loop.</summary>
internal sealed class PartitionFactory(
    StoreSet stores, IReadOnlyList<ILoop> loops, Random draw, PartitionOptions options)
{
    private int _next;

    /// <summary>Nothing happens before <see cref="PartitionDriver.Start"/>.</summary>
    public PartitionDriver Make(
        PartitionId id, LogId log, StreamDefinition definition, Action<PartitionNotice> notify)
    {
        var window = definition.DeduplicationWindow;
        var settings = options with
        {
            Log = options.Log with
            {
                WindowHandles = window,
                RollsForTrim = definition.Retention is { Ticks: > 0 },
                WindowTicks = window < StreamDefinition.DefaultDeduplicationWindow ? 0 : options.Log.WindowTicks,
            },
        };
        var loop = loops[_next++ % loops.Count];
        var random = new Random(draw.Next());
        return new PartitionDriver(id, log, stores, stores.Registers, loop, random, settings, notify);
    }
}
