using Pipeline.Simulation.Clocks;
using Pipeline.Simulation.Nodes;
using Pipeline.Simulation.Tracing;
using Xunit;

namespace Pipeline.Simulation.Tests;

public sealed class SimulatedLoopTests
{
    private readonly EventQueue _queue = new(1, new Trace());

    [Fact]
    public void Work_of_one_loop_runs_in_the_order_posted()
    {
        var loop = NewNode().NewLoop("a");
        var seen = new List<int>();
        for (var i = 0; i < 100; i++)
        {
            loop.Post(state => seen.Add((int)state!), i);
        }

        while (_queue.RunOne())
        {
        }

        Assert.Equal(Enumerable.Range(0, 100), seen);
    }

    [Fact]
    public void What_a_driver_awaits_comes_back_to_its_loop_at_the_virtual_time()
    {
        var loop = NewNode().NewLoop("a");
        var backAfter = TimeSpan.Zero;
        var wasCurrent = false;
        loop.Post(_ => Drive(), null);
        while (_queue.RunOne())
        {
        }

        Assert.True(wasCurrent);
        Assert.InRange(backAfter, TimeSpan.FromHours(1), TimeSpan.FromHours(1) + TimeSpan.FromMilliseconds(1));

        async void Drive()
        {
            var before = loop.Time.GetTimestamp();
            await Task.Delay(TimeSpan.FromHours(1), loop.Time);
            wasCurrent = loop.IsCurrent;
            backAfter = loop.Time.GetElapsedTime(before);
        }
    }

    [Fact]
    public void A_crashed_node_does_nothing_any_more()
    {
        var node = NewNode();
        var loop = node.NewLoop("a");
        var ran = 0;
        using var timer = loop.Time.CreateTimer(_ => ran++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        loop.Post(_ => ran++, null);
        node.Crash();
        loop.Post(_ => ran++, null);
        while (_queue.RunOne())
        {
        }

        Assert.Equal(0, ran);
    }

    [Fact]
    public void A_timer_repeats_until_it_is_disposed()
    {
        var loop = NewNode().NewLoop("a");
        var ran = 0;
        using var timer = loop.Time.CreateTimer(_ => ran++, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        _queue.RunUntil(() => false, TimeSpan.FromSeconds(10.5).Ticks);
        Assert.Equal(10, ran);
        timer.Dispose();
        _queue.RunUntil(() => false, TimeSpan.FromSeconds(20).Ticks);
        Assert.Equal(10, ran);
    }

    [Fact]
    public void An_exception_nothing_caught_fails_the_node()
    {
        var node = NewNode();
        node.NewLoop("a").Post(_ => throw new InvalidOperationException("boom"), null);
        _queue.RunOne();
        Assert.Equal("boom", node.Failure?.Message);
    }

    [Fact]
    public void Another_thread_is_noticed()
    {
        Exception? seen = null;
        var thread = new Thread(() => seen = Record.Exception(() => _queue.After(0, _ => { })));
        thread.Start();
        thread.Join();
        Assert.IsType<InvalidOperationException>(seen);
    }

    private SimulatedNode NewNode() => new(0, _queue, 1);
}
