using System.Buffers;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Xunit;

namespace Pipeline.Kernel.Tests.Stages;

public sealed class StageMachineTests
{
    [Fact]
    public void Outputs_carry_the_input_s_offset_and_their_number_among_its_outputs()
    {
        var machine = new StageMachine(Layouts.Of(
            Layouts.Node("one", -1, () => new EchoOperator()) with { Output = 0 },
            Layouts.Node("two", 0, () => new EchoOperator()) with { Output = 2 }));
        new Blocks().Events(("a", "1"), ("a", "2")).FeedAll(machine);
        var receiver = new Receiver();
        receiver.Take(machine);
        Assert.Equal(["0.1 a=1@1000", "1.1 a=2@1000"], receiver.Records(0).Select(AfterPlace));
        Assert.Equal(["0.0 a=1@1000", "1.0 a=2@1000"], receiver.Records(2).Select(AfterPlace));
    }

    [Fact]
    public void An_event_that_an_operator_rejects_becomes_a_dead_letter_and_the_rest_goes_on()
    {
        var machine = new StageMachine(Layouts.Echo());
        new Blocks().Events(("a", "1"), ("a", "\"bad\""), ("a", "3")).FeedAll(machine);
        var receiver = new Receiver();
        receiver.Take(machine);
        Assert.Equal(2, receiver.Records(0).Count);
        Assert.Equal(
            """1/0 1.0 ={"stage":"echo","stream":"in","partition":0,"offset":1,"""
                + "\"reason\":\"it is bad\",\"attempts\":1,\"value\":\"bad\"}@1000",
            Assert.Single(receiver.Records(1)));
        Assert.Equal(new StageCounters(3, 3, 1, 0), machine.Counters);
    }

    [Fact]
    public void OnError_stop_stops_at_the_event()
    {
        var machine = new StageMachine(Layouts.Of(
            Layouts.Node("echo", -1, () => new EchoOperator()) with { Output = 0, StopsOnError = true }));
        var blocks = new Blocks().Events(("a", "\"bad\""), ("a", "1"));
        Assert.False(blocks.Feed(machine, 0));
        Assert.Equal("event 0 of in/0 stops stage echo: it is bad", machine.Failure);
        Assert.Equal(StageCursor.Start, machine.Cursor);
        Assert.False(blocks.Feed(machine, 0));
    }

    [Fact]
    public void A_missing_timestamp_and_one_too_far_ahead_are_dead_letters_and_move_no_watermark()
    {
        var machine = new StageMachine(Layouts.Count() with { MaxAhead = 50 });
        new Blocks().Events(100, ("a", "\"x\""), ("a", "151"), ("a", "150")).FeedAll(machine);
        Assert.Equal(150, machine.Watermark);
        Assert.Equal(2, machine.Counters.DeadLetters);
    }

    [Fact]
    public void Windows_close_by_events_by_a_person_s_word_and_by_this_instance_s_heartbeat()
    {
        var machine = new StageMachine(Layouts.Count());
        var blocks = new Blocks().Events(("a", "1"), ("a", "2"), ("a", "11")).Watermark(21)
            .Events(("a", "22")).Heartbeat(100, Hash128.Of("another"u8)).Heartbeat(31, Layouts.Self);
        blocks.FeedAll(machine);
        var receiver = new Receiver();
        receiver.Take(machine);
        Assert.Equal(["2.0 a=2@10", "2.1 a=1@20", "3.0 a=1@30"], receiver.Records(0).Select(AfterPlace));
        Assert.Equal(31, machine.Watermark);
    }

    [Fact]
    public void Late_events_go_to_the_late_target()
    {
        var machine = new StageMachine(Layouts.Count());
        new Blocks().Events(("a", "50"), ("a", "1")).FeedAll(machine);
        var receiver = new Receiver();
        receiver.Take(machine);
        Assert.Equal(["1.0 a=1@1"], receiver.Records(2).Select(AfterPlace));
        Assert.Equal(1, machine.Counters.Late);
    }

    [Fact]
    public void On_an_exchange_the_watermark_is_the_minimum_over_the_upstream_instances_that_take_part()
    {
        Hash128 one = Hash128.Of("one"u8), two = Hash128.Of("two"u8), three = Hash128.Of("three"u8);
        var machine = new StageMachine(Layouts.Echo() with { Upstreams = [one, two, three] });
        var blocks = new Blocks()
            .Upstream(PartKind.UpstreamWatermark, one, 1, 30).Upstream(PartKind.UpstreamWatermark, two, 1, 20)
            .Upstream(PartKind.UpstreamState, three, 1, 0).Upstream(PartKind.UpstreamWatermark, two, 2, 25)
            .Upstream(PartKind.UpstreamWatermark, two, 1, 29).Upstream(PartKind.UpstreamWatermark, three, 1, 28)
            .Upstream(PartKind.UpstreamWatermark, two, 2, 40);
        var seen = new List<long>();
        for (var block = 0; block < blocks.Count; block++)
        {
            Assert.True(blocks.Feed(machine, block));
            seen.Add(machine.Watermark);
        }

        Assert.Equal([long.MinValue, long.MinValue, 20, 25, 25, 25, 28], seen);
    }

    [Fact]
    public void A_stage_that_makes_other_outputs_than_before_is_stopped()
    {
        var machine = new StageMachine(Layouts.Echo());
        var outlet = machine.Outlets.Single(o => o.Target == 0 && o.Partition == KeySlot.Of("a"u8).Partition(3));
        machine.Resume(outlet, new Origin(0, 7));
        Assert.False(new Blocks().Events(("a", "1"), ("a", "2")).Feed(machine, 0));
        Assert.StartsWith("stage not deterministic", machine.Failure);
    }

    /// <summary>A target that an earlier definition wrote, and that those in between did not.</summary>
    [Fact]
    public void What_a_target_holds_from_before_the_saved_state_is_not_made_again()
    {
        var blocks = new Blocks().Events(("a", "1")).Events(("a", "2"));
        var first = new StageMachine(Layouts.Echo());
        Assert.True(blocks.Feed(first, 0));
        var receiver = new Receiver();
        receiver.Take(first);
        var saved = new ArrayBufferWriter<byte>();
        first.Save(saved);
        var without = new ArrayBufferWriter<byte>();
        StageSnapshotCodec.Write(without, StageSnapshotCodec.Read(saved.WrittenSpan) with { Outlets = [] });

        var machine = new StageMachine(Layouts.Echo());
        machine.Load(without.WrittenSpan);
        foreach (var outlet in machine.Outlets)
        {
            machine.Resume(outlet, receiver.Last(outlet));
        }

        blocks.FeedAll(machine);
        receiver.Take(machine);
        Assert.Equal(["0.0 a=1@1000", "1.0 a=2@1000"], receiver.Records(0).Select(AfterPlace));
    }

    [Fact]
    public void A_target_that_lost_what_the_checkpoint_knows_to_be_committed_stops_the_stage()
    {
        var first = new StageMachine(Layouts.Echo());
        new Blocks().Events(("a", "1")).FeedAll(first);
        var saved = new ArrayBufferWriter<byte>();
        first.Save(saved);
        var second = new StageMachine(Layouts.Echo());
        second.Load(saved.WrittenSpan);
        second.Resume(second.Outlets.Single(o => o.Last.Offset == 0), Origin.None);
        Assert.Contains("it lost what was committed", second.Failure);
    }

    [Fact]
    public void The_state_of_an_operator_with_another_fingerprint_is_not_loaded()
    {
        var first = new StageMachine(Layouts.Count());
        new Blocks().Events(("a", "1")).FeedAll(first);
        var saved = new ArrayBufferWriter<byte>();
        first.Save(saved);
        var changed = Layouts.Count();
        changed = changed with { Nodes = [changed.Nodes[0] with { Fingerprint = Hash128.Of("new"u8) }] };
        var second = new StageMachine(changed);
        second.Load(saved.WrittenSpan);
        var blocks = new Blocks().Events(("a", "1")).Watermark(99);
        blocks.FeedAll(second);
        Assert.Equal(0, second.Counters.Written);
    }

    private static string AfterPlace(string record) => record[(record.IndexOf(' ') + 1)..];
}
