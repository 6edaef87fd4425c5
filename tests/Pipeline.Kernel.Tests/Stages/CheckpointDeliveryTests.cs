using Pipeline.Kernel.Stages.Delivering;
using Xunit;

namespace Pipeline.Kernel.Tests.Stages;

public sealed class CheckpointDeliveryTests
{
    private readonly DeliveryBench _bench = new() { AreRead = false };

    [Fact]
    public void A_checkpoint_is_written_when_all_outputs_made_before_its_snapshot_are_committed()
    {
        _bench.Make(0, 1);
        _bench.Make(1, 1);
        Assert.Equal("TakeSnapshot", _bench.Look());
        _bench.Make(1, 1);
        Assert.Equal("Committed 1 0..0, Send 1 1..1", Without(_bench.Answer(1, OutletReply.Held), "WakeAt"));
        Assert.Equal("Committed 0 0..0, WriteCheckpoint", Without(_bench.Answer(0, OutletReply.Held), "WakeAt"));
        Assert.False(_bench.Delivery.IsSettled);
        Assert.Equal("Durable, CheckpointOver, WakeAt 1000", _bench.Saved(CheckpointReply.Written));
        Assert.False(_bench.Delivery.IsSettled);
        _bench.Answer(1, OutletReply.Held);
        Assert.Equal("TakeSnapshot, WriteCheckpoint", _bench.WakeUp());
        _bench.Saved(CheckpointReply.Written);
        Assert.True(_bench.Delivery.IsSettled);
    }

    [Fact]
    public void Where_nothing_has_changed_none_is_written()
    {
        Assert.Equal("", _bench.Look());
        Assert.True(_bench.Delivery.IsSettled);
        Assert.Equal("TakeSnapshot, WriteCheckpoint", _bench.Step(DeliveryInput.Changed(0)));
    }

    [Fact]
    public void Within_a_block_none_is_begun()
    {
        _bench.IsWithinBlock = true;
        _bench.Make(0, 0);
        Assert.Equal("WakeAt 100", _bench.Look());
        Assert.Equal("WakeAt 200", _bench.WakeUp());
        _bench.IsWithinBlock = false;
        Assert.Equal("TakeSnapshot, WriteCheckpoint", _bench.WakeUp());
    }

    [Theory]
    [InlineData(50, 1050)]
    [InlineData(300, 1500)]
    public void The_next_one_is_due_after_the_interval_or_four_times_as_long_as_it_took(long took, long due)
    {
        _bench.Make(0, 0);
        _bench.Look();
        _bench.Now = took;
        _bench.Saved(CheckpointReply.Written);
        _bench.Make(0, 0);
        Assert.Equal($"WakeAt {due}", _bench.Look());
        Assert.Equal("TakeSnapshot, WriteCheckpoint", _bench.WakeUp());
    }

    [Fact]
    public void One_that_no_majority_took_is_written_again_though_nothing_else_happens()
    {
        _bench.Make(0, 0);
        _bench.Look();
        Assert.Equal("NotWritten, WakeAt 200", _bench.Saved(CheckpointReply.Unavailable));
        Assert.False(_bench.Delivery.IsSettled);
        Assert.Equal("CheckpointOver, WakeAt 300", _bench.WakeUp());
        Assert.Equal("TakeSnapshot, WriteCheckpoint", _bench.WakeUp());
    }

    [Fact]
    public void A_flush_waits_for_no_interval_and_goes_on_until_all_is_durable()
    {
        _bench.Make(0, 0);
        _bench.Look();
        _bench.Make(0, 1);
        Assert.Equal("", _bench.Step(DeliveryInput.Flush(0)));
        Assert.Equal("Durable, CheckpointOver, TakeSnapshot", _bench.Saved(CheckpointReply.Written));
        Assert.Equal("Committed 0 0..0, WriteCheckpoint", _bench.Answer(0, OutletReply.Held));
        Assert.Equal("NotWritten, WakeAt 200", _bench.Saved(CheckpointReply.Unavailable));
        Assert.Equal("CheckpointOver, TakeSnapshot, WriteCheckpoint", _bench.WakeUp());
        _bench.Saved(CheckpointReply.Written);
        Assert.True(_bench.Delivery.IsSettled);

        // It is over with the flush: the interval counts again.
        _bench.Make(0, 0);
        Assert.Equal("WakeAt 1200", _bench.Look());
    }

    [Fact]
    public void A_flush_of_what_is_durable_does_nothing()
    {
        Assert.Equal("", _bench.Step(DeliveryInput.Flush(0)));
        Assert.True(_bench.Delivery.IsSettled);
    }

    [Fact]
    public void A_checkpoint_of_a_later_activation_ends_it()
    {
        _bench.Make(0, 0);
        _bench.Look();
        Assert.Equal("Overtaken", _bench.Saved(CheckpointReply.Fenced));
        Assert.True(_bench.Delivery.IsOver);
        Assert.Equal("", _bench.Make(0, 1));
    }

    [Fact]
    public void An_answer_to_nothing_is_a_mistake_of_the_driver()
    {
        Assert.Throws<InvalidOperationException>(() => _bench.Saved(CheckpointReply.Written));
        Assert.Throws<InvalidOperationException>(() => _bench.Answer(0, OutletReply.Held));
    }

    /// <summary>Steps that make nothing to send cost nothing: they come for every block.</summary>
    [Fact]
    public void Inputs_allocate_nothing()
    {
        _bench.Watermark = 3;
        var effects = new List<DeliveryEffect>(16);
        var before = 0L;
        for (var i = 0; i < 1000; i++)
        {
            before = i == 500 ? GC.GetAllocatedBytesForCurrentThread() : before;
            _bench.Delivery.Step(DeliveryInput.Made(i), _bench, effects);
            effects.Clear();
            _bench.Delivery.Step(DeliveryInput.Looked(i), _bench, effects);
            if (effects.Exists(static effect => effect.Kind == DeliveryEffectKind.WriteCheckpoint))
            {
                _bench.Delivery.Step(DeliveryInput.Saved(CheckpointReply.Written, i), _bench, effects);
            }

            effects.Clear();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Without(string effects, string kind) =>
        string.Join(", ", effects.Split(", ").Where(effect => !effect.StartsWith(kind, StringComparison.Ordinal)));
}
