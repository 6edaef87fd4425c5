using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages.Delivering;
using Xunit;

namespace Pipeline.Kernel.Tests.Stages;

public sealed class StageDeliveryTests
{
    private readonly DeliveryBench _bench = new();

    [Fact]
    public void One_part_is_under_way_to_a_target_at_a_time_and_each_target_has_its_own()
    {
        Assert.Equal("Send 0 0..1", _bench.Make(0, 2));
        Assert.Equal("Send 1 0..0", _bench.Make(1, 1));
        Assert.Equal("", _bench.Make(0, 1));
        Assert.True(_bench.Delivery.InFlightBytes(0) > 0);
        Assert.StartsWith(
            "Committed 0 0..1, Send 0 2..2", _bench.Answer(0, OutletReply.Held), StringComparison.Ordinal);
        Assert.Equal(new Origin(1, 0), _bench.Delivery.Committed(0));
        Assert.Equal("Committed 0 2..2", _bench.Answer(0, OutletReply.Held));
        Assert.Equal(0, _bench.Delivery.InFlightBytes(0));
    }

    [Fact]
    public void What_was_refused_is_sent_again_after_a_pause_and_nothing_passes_it()
    {
        _bench.Make(0, 1);
        Assert.Equal("Refused 0 0..0", FirstOf(_bench.Answer(0, OutletReply.Unknown)));
        _bench.Now = 50;
        Assert.Equal("", _bench.Make(0, 1));
        Assert.Equal("SendAgain 0 0..0", FirstOf(_bench.WakeUntil(200)));
        Assert.Equal(200, _bench.Now);
        Assert.StartsWith(
            "Committed 0 0..0, Send 0 1..1", _bench.Answer(0, OutletReply.Held), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wake_that_comes_too_early_is_asked_for_again()
    {
        _bench.Make(0, 1);
        _bench.Answer(0, OutletReply.Unknown);
        _bench.Now = 199;
        Assert.Equal(
            "TakeSnapshot, WakeAt 200", _bench.Step(DeliveryInput.Woke(_bench.Now)));
    }

    [Fact]
    public void Of_a_part_whose_first_records_are_there_the_rest_is_sent()
    {
        _bench.Make(0, 3);
        Assert.Equal("SendAgain 0 1..2", FirstOf(_bench.Answer(0, OutletReply.Mismatch, held: 0)));
        Assert.Equal("SendAgain 0 2..2", FirstOf(_bench.Answer(0, OutletReply.Mismatch, held: 1)));
        Assert.Equal("Refused 0 0..2", FirstOf(_bench.Answer(0, OutletReply.Unknown)));
        Assert.Equal("SendAgain 0 2..2", FirstOf(_bench.WakeUntil(200)));
        Assert.Equal("Committed 0 0..2", FirstOf(_bench.Answer(0, OutletReply.Held)));
    }

    [Theory]
    [InlineData(5, "Diverged 0 0..2")]
    [InlineData(-1, "Diverged 0 0..2")]
    public void A_target_that_holds_what_does_not_fit_fails_the_instance(long held, string expected)
    {
        _bench.Make(0, 3);
        Assert.Equal(expected, _bench.Answer(0, OutletReply.Mismatch, held));
        Assert.True(_bench.Delivery.IsOver);
        Assert.Equal("", _bench.Look());
    }

    [Fact]
    public void An_output_that_is_there_and_was_not_made_again_fails_the_instance()
    {
        _bench.Make(0, 3);
        Assert.Equal(
            "NotMadeAgain 0 0..2",
            _bench.Step(DeliveryInput.Answered(0, OutletReply.Mismatch, new Origin(1, 7), 0)));
        Assert.True(_bench.Delivery.IsOver);
    }

    [Fact]
    public void A_fence_ends_it()
    {
        _bench.Make(0, 1);
        _bench.Make(1, 1);
        Assert.Equal("Fence 0", _bench.Answer(0, OutletReply.Fenced));
        Assert.Equal("", _bench.Answer(1, OutletReply.Held));
    }

    [Fact]
    public void A_watermark_follows_the_records_that_it_covers_and_goes_to_readers_of_outputs_only()
    {
        _bench.Watermark = 7;
        Assert.Equal("Send 0 0..0, Say 1 7", _bench.Make(0, 1));
        Assert.Equal("Send 2 0..0", _bench.Make(2, 1));
        Assert.StartsWith(
            "Committed 0 0..0, Say 0 7", _bench.Answer(0, OutletReply.Held), StringComparison.Ordinal);
        Assert.Equal("Committed 2 0..0", FirstOf(_bench.Answer(2, OutletReply.Held)));
        _bench.Watermark = 8;
        _bench.Now = 10;
        Assert.DoesNotContain("Say", _bench.Answer(0, OutletReply.Held), StringComparison.Ordinal);
        Assert.Contains("Say 0 8", _bench.WakeUntil(110), StringComparison.Ordinal);
        Assert.Equal(110, _bench.Now);
    }

    [Fact]
    public void Nobody_is_told_a_watermark_who_does_not_wait_for_it()
    {
        (_bench.Watermark, _bench.AreRead) = (7, false);
        Assert.Equal("", _bench.Make(0, 0));
        _bench.AreRead = true;
        Assert.StartsWith("Say 0 7, Say 1 7", _bench.Look(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_watermark_that_did_not_arrive_is_said_again_with_what_it_is_by_then()
    {
        _bench.Watermark = 7;
        _bench.Make(0, 0);
        _bench.Answer(0, OutletReply.Unknown);
        _bench.Watermark = 9;
        Assert.Contains("Say 0 9", _bench.WakeUntil(200), StringComparison.Ordinal);
    }

    [Fact]
    public void An_instance_without_input_leaves_once_and_one_with_a_watermark_does_not()
    {
        Assert.Equal("Say 0 leaves, Say 1 leaves", _bench.Step(DeliveryInput.Leave(0)));
        _bench.Answer(0, OutletReply.Held);
        Assert.Contains("WakeAt 200", _bench.Answer(1, OutletReply.Unknown), StringComparison.Ordinal);
        Assert.Equal("Say 1 leaves", _bench.WakeUp());
        _bench.Watermark = 5;
        _bench.Now = 1000;
        Assert.Equal("Say 0 5", FirstOf(_bench.Look()));
        _bench.Answer(0, OutletReply.Held);
        Assert.Equal("", _bench.Step(DeliveryInput.Leave(1001)));
    }

    private static string FirstOf(string effects) => effects.Split(", ")[0];
}
