using System.Diagnostics;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Tracing;
using Pipeline.TestKit.Logs;
using Pipeline.TestKit.Replicas;
using Pipeline.TestKit.Telemetry;
using Xunit;

namespace Pipeline.Ingestion.Tests.Tracing;

public sealed class EventSpansTests
{
    private static readonly PartitionId Input = new(new StreamName("in"), 3);

    [Fact]
    public void A_block_s_first_context_is_the_parent_and_a_bounded_number_of_others_are_links()
    {
        using var listener = new SpanListener();
        var contexts = Enumerable.Range(1, 40).Select(i => Context(listener, i)).ToArray();
        var block = Block([TraceContext.None, contexts[0], contexts[0], .. contexts[1..]]);
        using var span = EventSpans.Process("stage", Input, block)!;
        Assert.Equal(listener.TraceId, span.TraceId);
        Assert.Equal($"{1:x16}", $"{span.ParentSpanId}");
        Assert.Equal("process in", span.DisplayName);
        Assert.Equal(ActivityKind.Consumer, span.Kind);
        Assert.Equal(EventSpans.MaxLinks, span.Links.Count());
        Assert.Equal($"{2:x16}", $"{span.Links.First().Context.SpanId}");
        Assert.Equal(3, span.GetTagItem("messaging.destination.partition.id"));
    }

    [Fact]
    public void Without_a_recorded_trace_there_is_no_span_and_nothing_is_stored()
    {
        using var listener = new SpanListener();
        Assert.Null(EventSpans.Process("stage", Input, Block(TraceContext.None)));
        Assert.Null(EventSpans.Append(TraceContext.None, Input, 1));
        Assert.Null(EventSpans.Append(new StreamName("in")));
        using var request = new Activity("request").Start();
        Assert.Null(EventSpans.Append(new StreamName("in")));
        Assert.True(TraceContexts.Of(request).IsNone);
    }

    [Fact]
    public void A_request_s_parts_carry_its_context_and_are_the_same_otherwise()
    {
        using var listener = new SpanListener();
        using var request = listener.Begin();
        using var span = EventSpans.Append(new StreamName("s"));
        var trace = TraceContexts.Of(span);
        Assert.Equal(span!.SpanId, TraceContexts.ToActivity(trace).SpanId);
        Assert.Equal(request.SpanId, span.ParentSpanId);
        const string body = "{\"k\":\"a\"}\n{\"k\":\"b\"}\n{\"k\":\"c\"}\n";
        var plain = Parse(body, TraceContext.None);
        var traced = Parse(body, trace);
        Assert.Equal(plain.Headers, traced.Headers);
        Assert.Equal(plain.Events, traced.Events);
        Assert.All(traced.Traces, found => Assert.Equal(trace, found));
        Assert.All(plain.Traces, static found => Assert.True(found.IsNone));
    }

    [Fact]
    public async Task A_retry_in_another_span_is_a_duplicate_and_what_a_part_keeps_keeps_its_context()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var host = await LogHost.StartAsync(stores.Set);
        var header = new PartHeader { HandleKind = HandleKind.Event };
        Hash128[] handles = [new(1, 1), new(2, 2)];
        await host.Partition.AppendAsync(Traced(LogHost.Part(header, handles[..1], "a"), 1), default);
        var outcome = await host.Partition.AppendAsync(Traced(LogHost.Part(header, handles, "a", "b"), 2), default);
        Assert.Equal((1, 1), (outcome.Accepted, outcome.Duplicates));
        var read = await host.Partition.ReadAsync(new ReadRequest { Wait = TimeSpan.Zero }, default);
        Assert.Equal(["a", "b"], read.Blocks.SelectMany(LogHost.Values));
        Assert.Equal([1UL, 2UL], read.Blocks.SelectMany(Spans));
    }

    [Fact]
    public void What_is_left_of_an_output_keeps_its_context()
    {
        var trace = new TraceContext(new Hash128(1, 2), 3, 1);
        var body = new byte[64];
        var length = 0;
        for (var i = 0; i < 2; i++)
        {
            length += RecordCodec.Write(
                new RecordView { Flags = RecordFlags.Origin, Origin = new Origin(i, 0), Value = "v"u8 },
                body.AsSpan(length));
        }

        var header = new PartHeader { HandleKind = HandleKind.Platform, Count = 2, Last = new Origin(1, 0) };
        var bytes = new byte[PartCodec.HeaderSize(HandleKind.Platform, 2) + length + TraceContext.Size];
        body.AsSpan(0, length).CopyTo(bytes.AsSpan(PartCodec.WriteHeader(header, [], length, bytes)));
        PartCodec.WriteTrace(bytes, trace);
        var rest = PartTrimmer.After(new OutputPart(header, bytes, trace), new Origin(0, 0))!;
        Assert.True(PartCodec.TryRead(rest.Bytes.Span, out var view, out var size));
        Assert.Equal(rest.Bytes.Length, size);
        Assert.Equal(trace, view.Trace);
        Assert.Equal(length / 2, view.Body.Length);
    }

    private static ParsedRequest Parse(string body, TraceContext trace) => ParsedRequest.Of(
        System.Text.Encoding.UTF8.GetBytes(body),
        key: null,
        with: static request => request with
        {
            Handle = new DeduplicationHandle(HandleKind.Key, new Hash128(7, 7), 0),
            Target = request.Target with { Key = new KeyPath("k") },
        },
        trace: trace);

    private static TraceContext Context(SpanListener listener, int span)
    {
        Span<byte> bytes = stackalloc byte[TraceContext.Size];
        listener.TraceId.CopyTo(bytes[..16]);
        bytes[^2] = (byte)span;
        bytes[^1] = 1;
        return TraceContext.Read(bytes);
    }

    private static LogBlock Block(params TraceContext[] contexts)
    {
        var payload = contexts.SelectMany(static context => Traced(LogHost.Part(default, "v"), context).Part.ToArray());
        return new LogBlock(default, default, contexts.Length, payload.ToArray());
    }

    private static AppendRequest Traced(AppendRequest request, ulong span) =>
        Traced(request, new TraceContext(new Hash128(1, 1), span, 1));

    private static AppendRequest Traced(AppendRequest request, TraceContext trace)
    {
        var part = new byte[request.Part.Length + trace.EncodedSize];
        request.Part.Span.CopyTo(part);
        PartCodec.WriteTrace(part, trace);
        return request with { Part = part };
    }

    private static List<ulong> Spans(LogBlock block)
    {
        var spans = new List<ulong>();
        for (var rest = block.Payload.Span; PartCodec.TryRead(rest, out var part, out var size); rest = rest[size..])
        {
            spans.Add(part.Trace.SpanId);
        }

        return spans;
    }
}
