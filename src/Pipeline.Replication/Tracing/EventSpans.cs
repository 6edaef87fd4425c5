using System.Diagnostics;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Replication.Tracing;

/// <summary>
/// The spans of events on their way (names and attributes by OpenTelemetry's conventions for messaging): appended by a
/// request or a stage, processed by a stage or a sink. Null, and nothing done, where nobody listens or no recorded
/// trace comes with the events.
/// </summary>
public static class EventSpans
{
    /// <summary>What docs/telemetry.md calls it, wherever the code lies.</summary>
    public const string SourceName = "Pipeline.Runtime";

    /// <summary>Contexts that a span of many requests' events links to, beside its parent.</summary>
    public const int MaxLinks = 16;

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>A request's append, below the request's own span.</summary>
    public static Activity? Append(StreamName stream) =>
        Source.HasListeners() && Activity.Current is { Recorded: true }
            ? Describe(Source.StartActivity($"append {stream}", ActivityKind.Producer), "append", "send", stream)
            : null;

    /// <summary>A stage's append, below the span of the processing that made the events.</summary>
    public static Activity? Append(in TraceContext parent, PartitionId target, int events)
    {
        if (parent.IsNone || !Source.HasListeners())
        {
            return null;
        }

        var span = Source.StartActivity(
            $"append {target.Stream}", ActivityKind.Producer, TraceContexts.ToActivity(parent));
        return Describe(Describe(span, "append", "send", target.Stream), target, events);
    }

    /// <summary>
    /// The processing of a block by a stage or sink: below the first recorded context that it carries, linked to the
    /// others, up to <see cref="MaxLinks"/>.
    /// </summary>
    public static Activity? Process(string consumer, PartitionId input, in LogBlock block) =>
        Source.HasListeners() ? Process(consumer, input, block.Count, Add(block, null)) : null;

    /// <summary>The same for several blocks at once.</summary>
    public static Activity? Process(string consumer, PartitionId input, IReadOnlyList<LogBlock> blocks)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        List<TraceContext>? contexts = null;
        foreach (var block in blocks)
        {
            contexts = Add(block, contexts);
        }

        return Process(consumer, input, blocks.Sum(static block => block.Count), contexts);
    }

    private static Activity? Process(string consumer, PartitionId input, int events, List<TraceContext>? contexts)
    {
        if (contexts is not [var parent, ..])
        {
            return null;
        }

        var span = Source.StartActivity(
            $"process {input.Stream}",
            ActivityKind.Consumer,
            TraceContexts.ToActivity(parent),
            links: contexts.Skip(1).Select(static other => new ActivityLink(TraceContexts.ToActivity(other))));
        Describe(Describe(span, "process", "process", input.Stream), input, events);
        return span?.SetTag("messaging.consumer.group.name", consumer);
    }

    /// <summary>The contexts with those of a block, each once; null where there are none.</summary>
    private static List<TraceContext>? Add(in LogBlock block, List<TraceContext>? contexts)
    {
        for (var rest = block.Payload.Span;
            contexts?.Count is not > MaxLinks && PartCodec.TryRead(rest, out var part, out var size);
            rest = rest[size..])
        {
            if (part.Trace is { IsNone: false } trace && contexts?.Contains(trace) != true)
            {
                (contexts ??= []).Add(trace);
            }
        }

        return contexts;
    }

    private static Activity? Describe(Activity? span, string operation, string type, StreamName stream)
    {
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("messaging.system", "pipeline");
            span.SetTag("messaging.operation.name", operation);
            span.SetTag("messaging.operation.type", type);
            span.SetTag("messaging.destination.name", stream.Value);
        }

        return span;
    }

    private static Activity? Describe(Activity? span, PartitionId partition, int events)
    {
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("messaging.destination.partition.id", partition.Index);
            span.SetTag("messaging.batch.message_count", events);
        }

        return span;
    }
}
