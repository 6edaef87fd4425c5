using Pipeline.Replication.Partitions;

namespace Pipeline.Http.Events;

/// <summary>Copies the events of one partition that a query asks for.</summary>
internal sealed class EventCopy
{
    private readonly KeyedSink? _keyed;
    private readonly IEventSink _sink;
    private readonly int _partition;
    private readonly long _max;

    /// <param name="sink">Takes them.</param>
    /// <param name="query">Says whether only those of a key are wanted.</param>
    /// <param name="partition">Its number.</param>
    /// <param name="from">The first offset wanted.</param>
    /// <param name="max">So many at most.</param>
    public EventCopy(IEventSink sink, ReadQuery query, int partition, long from, long max)
    {
        (_partition, From, _max) = (partition, from, max);
        _keyed = query.Key is { } key ? new KeyedSink(sink, key, max) : null;
        _sink = _keyed ?? sink;
    }

    /// <summary>The first offset wanted.</summary>
    public long From { get; }

    /// <summary>Events copied.</summary>
    public long Written { get; private set; }

    public bool IsFull => Written >= _max;

    /// <summary>Takes the next block; gives how many were copied.</summary>
    public int Take(in LogBlock block)
    {
        var before = Written;
        var most = _keyed is null ? (int)Math.Min(int.MaxValue, _max - Written) : int.MaxValue;
        var copied = BlockEvents.Copy(block, _partition, From, most, _sink);
        Written = _keyed?.Written ?? (Written + copied);
        return (int)(Written - before);
    }
}
