using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Xunit;

namespace Pipeline.Kernel.Tests.Stages;

public sealed class StageTraceTests
{
    private static readonly TraceContext One = new(new Hash128(1, 1), 1, 1);
    private static readonly TraceContext Two = new(new Hash128(2, 2), 2, 1);

    [Fact]
    public void A_trace_context_changes_nothing_but_the_end_of_the_parts()
    {
        var plain = Outputs(TraceContext.None);
        var traced = Outputs(One);
        Assert.Equal(plain.Select(static part => part.Header), traced.Select(static part => part.Header));
        Assert.Equal(plain.Select(Records), traced.Select(Records));
        Assert.All(plain, static part => Assert.True(TraceOf(part).IsNone));
        Assert.All(traced, static part => Assert.Equal(One, TraceOf(part)));
    }

    [Fact]
    public void A_part_carries_the_first_context_that_came_with_one_of_its_records()
    {
        var machine = new StageMachine(Layouts.Echo());
        var blocks = new Blocks().Events(("a", "1")).Events(("a", "2")).Events(("a", "3")).Events(("a", "4"));
        Assert.True(blocks.Feed(machine, 0));
        Assert.True(blocks.Feed(machine, 1, One));
        Assert.True(blocks.Feed(machine, 2, Two));
        var outlet = machine.Outlets.Single(static outlet => outlet.HasPending);
        Assert.Equal(One, outlet.Take()!.Trace);
        Assert.Equal(0, outlet.PendingBytes);
        Assert.True(blocks.Feed(machine, 3));
        Assert.True(outlet.Take()!.Trace.IsNone);
    }

    private static List<OutputPart> Outputs(TraceContext trace)
    {
        var machine = new StageMachine(Layouts.Echo());
        var blocks = new Blocks();
        for (var i = 0; i < 20; i++)
        {
            blocks.Events(("a", $"{i}"), ("b", $"{i}"), ("c", "\"bad\""));
            Assert.True(blocks.Feed(machine, i, trace));
        }

        var parts = new List<OutputPart>();
        foreach (var outlet in machine.Outlets)
        {
            while (outlet.Take() is { } part)
            {
                parts.Add(part);
            }

            Assert.Equal(0, outlet.PendingBytes);
        }

        Assert.True(parts.Count > 3);
        return parts;
    }

    private static string Records(OutputPart part)
    {
        Assert.True(PartCodec.TryRead(part.Bytes.Span, out var view, out var size));
        Assert.Equal(part.Bytes.Length, size);
        return Convert.ToHexString(view.Body);
    }

    private static TraceContext TraceOf(OutputPart part)
    {
        Assert.True(PartCodec.TryRead(part.Bytes.Span, out var view, out _));
        Assert.Equal(part.Trace, view.Trace);
        return view.Trace;
    }
}
