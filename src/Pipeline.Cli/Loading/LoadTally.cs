using System.Collections.Concurrent;

namespace Pipeline.Cli.Loading;

/// <summary>What came of a load, in all and by the second in which it was due. Safe to use from any thread.</summary>
internal sealed class LoadTally(double seconds)
{
    private readonly LoadSecond[] _seconds =
        [.. Enumerable.Range(0, Math.Max(1, (int)Math.Ceiling(seconds))).Select(static _ => new LoadSecond())];

    private long _due;
    private long _accepted;

    /// <summary>Events that were to be sent.</summary>
    public long Due => Interlocked.Read(ref _due);

    /// <summary>Events that were acknowledged.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Of requests that were acknowledged: from when each was due.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>Requests that were not, by what came instead.</summary>
    public ConcurrentDictionary<string, long> Errors { get; } = new();

    public IReadOnlyList<LoadSecond> Seconds => _seconds;

    public void Plan(double due, int events)
    {
        Interlocked.Add(ref _due, events);
        Interlocked.Add(ref SecondOf(due).Due, events);
    }

    public void Accept(double due, int events, double latency)
    {
        Interlocked.Add(ref _accepted, events);
        Latency.Take(latency);
        var second = SecondOf(due);
        Interlocked.Add(ref second.Accepted, events);
        second.Latency.Take(latency);
    }

    public void Fail(double due, string kind)
    {
        Errors.AddOrUpdate(kind, 1, static (_, before) => before + 1);
        Interlocked.Increment(ref SecondOf(due).Failed);
    }

    private LoadSecond SecondOf(double due) => _seconds[Math.Clamp((int)due, 0, _seconds.Length - 1)];
}

/// <summary>What was due in one second.</summary>
internal sealed class LoadSecond
{
    /// <summary>Events due.</summary>
    public long Due;

    /// <summary>Those that were acknowledged, whenever.</summary>
    public long Accepted;

    /// <summary>Requests that were not.</summary>
    public long Failed;

    public LatencyHistogram Latency { get; } = new();
}
