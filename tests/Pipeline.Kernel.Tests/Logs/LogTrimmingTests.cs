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
}
