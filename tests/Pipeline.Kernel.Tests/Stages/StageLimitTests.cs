using System.Buffers;
using Pipeline.Kernel.Stages;
using Xunit;

namespace Pipeline.Kernel.Tests.Stages;

public sealed class StageLimitTests
{
    [Theory]
    [InlineData("\"throw\"", "InvalidOperationException: thrown on purpose")]
    [InlineData("\"memory\"", "OutOfMemoryException: no memory left")]
    [InlineData("\"cast\"", "InvalidCastException: Unable to cast")]
    [InlineData("\"close\"", "InvalidOperationException: thrown at the watermark")]
    public void Whatever_an_operator_throws_fails_the_instance_and_says_where(string json, string reason)
    {
        var child = Layouts.Node("child", 0, () => new ScriptedOperator()) with { Output = 0, NeedsWatermark = true };
        var machine = new StageMachine(Layouts.Of(Layouts.Node("parent", -1, () => new EchoOperator()), child));
        var blocks = new Blocks().Events(("a", "1")).Events(2_000, ("a", json)).Events(3_000, ("a", "1"));
        Assert.True(blocks.Feed(machine, 0));
        Assert.False(blocks.Feed(machine, 1));
        Assert.StartsWith($"stage child failed at event 1 of in/0: {reason}", machine.Failure);
        Assert.Equal(new StageCursor(1, 0, 0), machine.Cursor);
        Assert.False(blocks.Feed(machine, 2));
        Assert.Equal(1, machine.Counters.Written);
    }

    [Fact]
    public void A_timestamp_that_throws_fails_it_too()
    {
        var machine = new StageMachine(Layouts.Echo() with { Timestamp = new ThrowingTimestamp() });
        Assert.False(new Blocks().Events(("a", "1")).Feed(machine, 0));
        Assert.Equal("stage echo failed at event 0 of in/0: InvalidOperationException: no time", machine.Failure);
    }

    [Theory]
    [InlineData("101", "the result has 101 bytes, more than 100 (maxEvent)")]
    [InlineData("\"key\"", "the output's key has 70000 bytes, more than 65535")]
    public void A_result_beyond_a_limit_makes_its_event_a_dead_letter(string json, string reason)
    {
        var machine = new StageMachine(Layouts.Of(Scripted() with { MaxOutputBytes = 100 }));
        new Blocks().Events(("a", "100"), ("a", json), ("a", "99")).FeedAll(machine);
        var receiver = new Receiver();
        receiver.Take(machine);
        Assert.Equal(2, receiver.Records(0).Count);
        var letter = Assert.Single(receiver.Records(1));
        Assert.Contains($"\"offset\":1,\"reason\":\"{reason}\",\"attempts\":1,\"value\":{json}}}", letter);
    }

    [Fact]
    public void With_onError_stop_it_stops_the_stage()
    {
        var node = Scripted() with { MaxOutputBytes = 100, StopsOnError = true };
        var machine = new StageMachine(Layouts.Of(node));
        Assert.False(new Blocks().Events(("a", "101")).Feed(machine, 0));
        Assert.Equal(
            "event 0 of in/0 stops stage s: the result has 101 bytes, more than 100 (maxEvent)", machine.Failure);
    }

    [Fact]
    public void A_long_reason_is_cut()
    {
        var machine = new StageMachine(Layouts.Of(Layouts.Node("s", -1, () => new Refusing()) with { Output = 0 }));
        new Blocks().Events(("a", "1")).FeedAll(machine);
        var receiver = new Receiver();
        receiver.Take(machine);
        Assert.InRange(receiver.Records(1).Single().Length, 2000, 2200);
    }

    [Fact]
    public void State_beyond_its_limit_fails_the_instance_at_the_event_that_makes_it_so()
    {
        ScriptedOperator[] made = [new(), new()];
        var layout = Layouts.Of(
            Layouts.Node("s", -1, () => made[0]) with { Output = 0 },
            Layouts.Node("t", -1, () => made[1]) with { Output = 0 });
        var machine = new StageMachine(layout with { MaxStateBytes = 1000 });
        Assert.Equal([1000, 1000], made.Select(m => m.Limited));
        var blocks = new Blocks().Events(("a", "400"), ("a", "99"), ("a", "2"), ("a", "1"));
        Assert.False(blocks.Feed(machine, 0));
        Assert.StartsWith(
            "stage s stops at event 2 of in/0: the state takes 1002 bytes of memory, more than the 1000 that an "
                + "instance may have (Pipeline:Stages:StateBytes)",
            machine.Failure);
        Assert.Equal(1002, machine.StateBytes);
    }

    [Fact]
    public void A_step_pauses_within_its_block_where_its_outputs_grow_large()
    {
        var machine = new StageMachine(Layouts.Of(Scripted()) with { MaxStepBytes = 1_000 });
        var blocks = new Blocks().Events([.. Enumerable.Range(0, 100).Select(_ => ("a", "300"))]);
        var receiver = new Receiver();
        var steps = 0;
        do
        {
            Assert.True(blocks.Feed(machine, 0));
            Assert.InRange(machine.Outlets.Sum(outlet => outlet.PendingBytes), 1, 2_000);
            if (machine.IsWithinBlock)
            {
                Assert.Equal(StageCursor.Start, machine.Cursor);
                Assert.Throws<InvalidOperationException>(() => machine.Save(new ArrayBufferWriter<byte>()));
            }

            receiver.Take(machine);
            steps++;
        }
        while (machine.IsWithinBlock);

        Assert.Equal(25, steps);
        Assert.Equal(100, receiver.Records(0).Count);
        Assert.Equal(new StageCounters(100, 100, 0, 0), machine.Counters);
        Assert.Equal(new StageCursor(100, 0, 0), machine.Cursor);
    }

    [Fact]
    public void Another_block_than_the_one_it_paused_in_fails_it()
    {
        var machine = new StageMachine(Layouts.Of(Scripted()) with { MaxStepBytes = 10 });
        var blocks = new Blocks().Events(("a", "300"), ("a", "1")).Events(("a", "1"));
        Assert.True(blocks.Feed(machine, 0));
        Assert.False(blocks.Feed(machine, 1));
        Assert.Equal("block 0/1 of in came while block 0/0 was not read to its end", machine.Failure);
    }

    private static StageNode Scripted() =>
        Layouts.Node("s", -1, () => new ScriptedOperator()) with { Output = 0 };

    private sealed class ThrowingTimestamp : ITimestamp
    {
        public bool TryRead(in StageRecord record, out long ticks) => throw new InvalidOperationException("no time");
    }

    private sealed class Refusing : IOperator
    {
        public void Process(in StageRecord record, IOperatorOutput output) =>
            output.Reject(record, new string('r', 10_000));

        public void Advance(long watermark, IOperatorOutput output)
        {
        }

        public void Save(IBufferWriter<byte> to)
        {
        }

        public void Load(ReadOnlySpan<byte> from)
        {
        }
    }
}
