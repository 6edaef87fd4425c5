using Pipeline.Definitions;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Partitions.Driving;
using Pipeline.Replication.Stores;

namespace Pipeline.Runtime.Engine;

/// <summary>
/// Makes the partition drivers of this process, spread over its loops; their segments are hashed on one more, so that
/// no append waits for that. Used on the root loop.
/// </summary>
internal sealed class PartitionFactory
{
    private readonly StoreSet _stores;
    private readonly ILoop[] _loops;
    private readonly Random _draw;
    private readonly PartitionOptions _options;
    private int _next;

    /// <param name="stores">Where their logs lie.</param>
    /// <param name="newLoop">Makes a loop of a name.</param>
    /// <param name="loops">How many loops they are spread over.</param>
    /// <param name="draw">Chance for owners' names.</param>
    /// <param name="options">How they are driven.</param>
    public PartitionFactory(
        StoreSet stores, Func<string, ILoop> newLoop, int loops, Random draw, PartitionOptions options)
    {
        (_stores, _draw) = (stores, draw);
        _loops = [.. Enumerable.Range(0, loops).Select(i => newLoop($"partitions {i}"))];
        _options = options with { Background = options.Background ?? newLoop("segment hashes") };
    }

    /// <summary>Nothing happens before <see cref="PartitionDriver.Start"/>.</summary>
    public PartitionDriver Make(
        PartitionId id, LogId log, StreamDefinition definition, Action<PartitionNotice> notify)
    {
        var window = definition.DeduplicationWindow;
        var settings = _options with
        {
            Log = _options.Log with
            {
                WindowHandles = window,
                RollsForTrim = definition.Retention is { Ticks: > 0 },
                WindowTicks = window < StreamDefinition.DefaultDeduplicationWindow ? 0 : _options.Log.WindowTicks,
            },
        };
        var loop = _loops[_next++ % _loops.Length];
        var random = new Random(_draw.Next());
        return new PartitionDriver(id, log, _stores, _stores.Registers, loop, random, settings, notify);
    }
}
