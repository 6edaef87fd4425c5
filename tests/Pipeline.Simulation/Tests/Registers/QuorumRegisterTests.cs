using Pipeline.Replication.Registers;
using Xunit;

namespace Pipeline.Simulation.Tests.Registers;

public sealed class QuorumRegisterTests
{
    private readonly RegisterWorld _world = new(1);

    [Fact]
    public void A_register_nobody_bore_is_not_born() =>
        Assert.Equal(RegisterStatus.NotBorn, _world.NewProcess().Read().Status);

    [Fact]
    public void What_was_born_is_read_and_what_was_chosen_is_read_by_others()
    {
        var process = _world.NewProcess();
        Assert.Equal(RegisterStatus.Chosen, process.Bear(5).Status);
        Assert.Equal(5, RegisterWorld.Number(process.Read().Value));
        Assert.Equal(8, RegisterWorld.Number(process.Add(3).Value));
        Assert.Equal(8, RegisterWorld.Number(_world.NewProcess().Read().Value));
    }

    [Fact]
    public void Bearing_again_finds_the_register_as_it_is()
    {
        _world.NewProcess().Bear(5);
        _world.NewProcess().Add(1);
        Assert.Equal(6, RegisterWorld.Number(_world.NewProcess().Bear(5).Value));
    }

    [Fact]
    public void Bearing_with_another_value_is_refused()
    {
        _world.NewProcess().Bear(5);
        Assert.Equal(RegisterStatus.Unavailable, _world.NewProcess().Bear(6).Status);
    }

    [Fact]
    public void The_second_change_takes_one_request_a_store()
    {
        var process = _world.NewProcess();
        process.Bear(0);
        process.Add(1);
        _world.Queue.RunUntil(() => false);
        var before = _world.Queue.Trace.Count;
        process.Add(1);
        _world.Queue.RunUntil(() => false);
        Assert.Equal(3, _world.Queue.Trace.Count - before);
    }

    [Fact]
    public void Declining_changes_nothing_and_gives_the_value()
    {
        var process = _world.NewProcess();
        process.Bear(7);
        process.Add(1);
        _world.NewProcess().Add(1);
        var outcome = process.Decline();
        Assert.Equal((RegisterStatus.Declined, 9), (outcome.Status, RegisterWorld.Number(outcome.Value)));
    }

    [Fact]
    public void A_frozen_store_delays_nothing()
    {
        var process = _world.NewProcess();
        process.Bear(0);
        _world.Weather[1].Freeze();
        var start = _world.Queue.Now;
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(RegisterStatus.Chosen, process.Add(1).Status);
            Assert.Equal(RegisterStatus.Chosen, process.Read().Status);
        }

        Assert.InRange(_world.Queue.Now - start, 0, TimeSpan.FromSeconds(1).Ticks);
        _world.Weather[1].Thaw();
        Assert.Equal(11, RegisterWorld.Number(process.Add(1).Value));
        _world.Queue.RunUntil(() => false);
        Assert.Equal(11, RegisterWorld.Number(_world.StateOn(1)!.Value.Value));
    }

    [Fact]
    public void Without_a_majority_the_outcome_is_unavailable_and_it_comes_back_by_itself()
    {
        var process = _world.NewProcess();
        process.Bear(0);
        _world.Weather[0].IsDown = _world.Weather[1].IsDown = true;
        Assert.Equal(RegisterStatus.Unavailable, process.Add(1).Status);
        var waiting = process.StartAdding(1);
        _world.Queue.RunUntil(() => false, _world.Queue.Now + TimeSpan.FromSeconds(5).Ticks);
        Assert.False(waiting.IsCompleted);
        _world.Weather[0].Heal();
        Assert.Equal(RegisterStatus.Chosen, _world.Await(waiting).Status);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_register_blob_that_vanished_or_was_damaged_comes_back_by_itself(int disk)
    {
        var process = _world.NewProcess();
        process.Bear(0);
        process.Add(1);
        _world.Queue.RunUntil(() => false);
        _world.Disks[disk].Blobs[RegisterWorld.Name.Value].Replace("rubbish"u8);
        _world.Disks[disk].Blobs[RegisterWorld.Name.Value].Version = 1_000_000;
        process.Add(1);
        _world.Queue.RunUntil(() => false);
        process.Read();
        _world.Queue.RunUntil(() => false);
        Assert.Equal(2, RegisterWorld.Number(_world.StateOn(disk)!.Value.Value));
    }

    [Fact]
    public void A_store_that_does_not_vote_yet_can_be_made_to_hold_the_register()
    {
        var process = _world.NewProcess();
        process.Bear(0);
        process.Add(4);
        _world.AddDisk(3, 1);
        Assert.Equal(RegisterStatus.Chosen, process.Rejoin(3).Status);
        Assert.Equal(4, RegisterWorld.Number(_world.StateOn(3)!.Value.Value));
        process.Add(1);
        process.Rejoin(3);
        Assert.Equal(5, RegisterWorld.Number(_world.StateOn(3)!.Value.Value));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Two_processes_at_once_and_lost_answers_lose_no_change(int seed)
    {
        var world = new RegisterWorld(seed);
        var first = world.NewProcess();
        var second = world.NewProcess();
        first.Bear(0);
        foreach (var weather in world.Weather)
        {
            weather.AckLostPerMille = 100;
            weather.RequestLostPerMille = 100;
        }

        // Each adds a power of its own, so that the sum tells who was counted how often.
        var pending = new List<Task<RegisterOutcome>>();
        for (var i = 0; i < 20; i++)
        {
            pending.Add(first.StartAdding(1));
            pending.Add(second.StartAdding(1_000_000));
        }

        foreach (var change in pending)
        {
            Assert.Equal(RegisterStatus.Chosen, world.Await(change).Status);
        }

        foreach (var weather in world.Weather)
        {
            weather.Heal();
        }

        var sum = RegisterWorld.Number(world.NewProcess().Read().Value);
        Assert.InRange(sum % 1_000_000, 20, 999_999);
        Assert.InRange(sum / 1_000_000, 20, 999_999);
    }
}
