using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Xunit;

namespace Pipeline.Kernel.Tests.Logs;

public sealed class LogTrimmingTests
{
    [Fact]
    public void A_fenced_owner_asked_to_trim_what_its_successor_committed_finds_out_that_it_is_fenced()
    {
        var world = new LogWorld();
        var zombie = world.StartOwner(1);
        zombie.AppendNow("a");
        var successor = world.StartOwner(2);
        successor.AppendNow("b");
        zombie.Trim(new LogOffset(2), world.Manifest.Closed[^1]);
        zombie.Run();
        Assert.Equal(LogPhase.Stopped, zombie.Machine.Phase);
        Assert.Contains(zombie.Notices, notice => notice.Kind == LogEffectKind.Fenced);
        Assert.DoesNotContain(zombie.Notices, notice => notice.Kind == LogEffectKind.Alarm);
        Assert.Equal(LogOffset.Zero, world.Manifest.LowWater);
    }

    [Fact]
    public void A_fenced_owner_asked_to_keep_a_segment_of_its_successor_finds_out_that_it_is_fenced()
    {
        var world = new LogWorld();
        var zombie = world.StartOwner(1);
        zombie.AppendNow("a");
        world.StartOwner(2).AppendNow("b");
        var next = world.StartOwner(3);
        next.AppendNow("c");
        var kept = world.Manifest.Closed[^1];
        Assert.Equal(1, kept.First.Value);
        zombie.Trim(new LogOffset(1), kept);
        zombie.Run();
        Assert.Contains(zombie.Notices, notice => notice.Kind == LogEffectKind.Fenced);
        Assert.Equal(LogOffset.Zero, world.Manifest.LowWater);
    }

    [Fact]
    public void An_owner_asked_to_trim_more_than_is_committed_trims_nothing_and_goes_on()
    {
        var world = new LogWorld(options: new LogOptions { RollBytes = 700 });
        var owner = world.StartOwner(1);
        for (var i = 0; i < 30; i++)
        {
            owner.AppendNow($"value {i}");
        }

        var kept = world.Manifest.Closed[1];
        owner.Trim(new LogOffset(1_000), kept);
        owner.Run();
        Assert.True(owner.IsServing);
        Assert.Equal(LogOffset.Zero, world.Manifest.LowWater);
        owner.Trim(kept.First + 1, kept);
        owner.Run();
        Assert.Equal(kept.First + 1, world.Manifest.LowWater);
    }

    [Fact]
    public void A_segment_that_is_not_full_is_closed_when_asked_for_and_then_trimmed_as_a_whole()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        owner.AppendNow("a");
        owner.AppendNow("b");
        var open = world.Manifest.Open!.Id;
        owner.Roll();
        owner.Run();
        var closed = Assert.Single(world.Manifest.Closed);
        Assert.Equal((open, 2L), (closed.Id, closed.End.Value));
        owner.AppendNow("c");
        owner.Trim(closed.End, closed with { Id = world.Manifest.Open!.Id, First = world.Manifest.Open.First });
        owner.Run();
        Assert.Empty(world.Manifest.Closed);
        Assert.Equal((2L, 2L), (world.Manifest.First.Value, world.Manifest.LowWater.Value));
        Assert.Equal(LogReply.Appended, world.StartOwner(2).AppendNow("d").Reply);
    }

    [Fact]
    public void What_lies_before_the_low_water_mark_goes_once_it_is_closed()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        owner.AppendNow("a");
        var open = world.Manifest.Open!;
        var kept = new ClosedSegment
        {
            Id = open.Id,
            First = open.First,
            End = open.First,
            Bytes = 0,
            Frames = 0,
            FirstTime = 0,
            LastTime = 0,
            Hash = default,
            Stores = open.Stores,
        };
        owner.Trim(new LogOffset(1), kept);
        owner.Run();
        Assert.Equal((0L, 1L), (world.Manifest.First.Value, world.Manifest.LowWater.Value));
        owner.Roll();
        owner.Run();
        owner.Trim(new LogOffset(1), kept with { Id = world.Manifest.Open!.Id, First = world.Manifest.Open.First });
        owner.Run();
        Assert.Equal((1L, 1L), (world.Manifest.First.Value, world.Manifest.LowWater.Value));
        Assert.Empty(world.Manifest.Closed);
    }

    [Fact]
    public void An_empty_segment_is_not_closed_and_a_request_for_a_former_one_does_nothing()
    {
        var world = new LogWorld();
        var owner = world.StartOwner(1);
        var empty = world.Manifest.Open!.Id;
        owner.Roll();
        owner.Run();
        Assert.Equal(empty, world.Manifest.Open!.Id);

        // The request is kept until the segment holds something; then it names a former one.
        owner.AppendNow("a");
        owner.Run();
        Assert.Equal(1, world.Manifest.Open!.First.Value);
        owner.AppendNow("b");
        owner.Run();
        Assert.Equal((1L, true), (world.Manifest.Open!.First.Value, owner.IsServing));
    }
}
