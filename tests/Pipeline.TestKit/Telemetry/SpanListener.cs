using System.Collections.Concurrent;
using System.Diagnostics;
using Pipeline.Replication.Tracing;

namespace Pipeline.TestKit.Telemetry;

/// <summary>Takes the spans of one trace; records whatever has a recorded parent, as the hosts do.</summary>
public sealed class SpanListener : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = new();

    public SpanListener()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == EventSpans.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> options) =>
                (options.Parent.TraceFlags & ActivityTraceFlags.Recorded) != 0
                    ? ActivitySamplingResult.AllDataAndRecorded
                    : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId == TraceId)
                {
                    _ended.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ActivityTraceId TraceId { get; } = ActivityTraceId.CreateRandom();

    public IReadOnlyCollection<Activity> Ended => _ended;

    /// <summary>A recorded span of the trace, current until disposed of.</summary>
    public Activity Begin() => new Activity("request")
        .SetParentId(TraceId, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded)
        .Start();

    public void Dispose() => _listener.Dispose();
}
