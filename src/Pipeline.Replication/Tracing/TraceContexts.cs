using System.Diagnostics;
using Pipeline.Kernel.Codecs;

namespace Pipeline.Replication.Tracing;

/// <summary>Between a part's trace context and System.Diagnostics.</summary>
public static class TraceContexts
{
    /// <summary>What a part appended in <paramref name="span"/> carries; none if that is not recorded.</summary>
    public static TraceContext Of(Activity? span)
    {
        if (span is not { Recorded: true })
        {
            return TraceContext.None;
        }

        Span<byte> bytes = stackalloc byte[TraceContext.Size];
        span.TraceId.CopyTo(bytes[..16]);
        span.SpanId.CopyTo(bytes[16..24]);
        bytes[^1] = (byte)span.ActivityTraceFlags;
        return TraceContext.Read(bytes);
    }

    public static ActivityContext ToActivity(in TraceContext context)
    {
        Span<byte> bytes = stackalloc byte[TraceContext.Size];
        context.Write(bytes);
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(bytes[..16]),
            ActivitySpanId.CreateFromBytes(bytes[16..24]),
            (ActivityTraceFlags)bytes[^1],
            traceState: null,
            isRemote: true);
    }
}
