using Pipeline.Replication.Loops;
using Xunit;

namespace Pipeline.Replication.Tests.Loops;

public sealed class ThreadLoopTests : IDisposable
{
    private readonly List<Exception> _faults = [];
    private readonly ThreadLoop _loop;

    public ThreadLoopTests() => _loop = new ThreadLoop("test", _faults.Add);

    public void Dispose() => _loop.Dispose();

    [Fact]
    public async Task Work_runs_on_the_loop_in_the_order_posted()
    {
        var seen = new List<int>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (var i = 0; i < 10_000; i++)
        {
            var number = i;
            _loop.Post(_ => seen.Add(_loop.IsCurrent ? number : -1), null);
        }

        _loop.Post(_ => done.SetResult(), null);
        await done.Task;
        Assert.Equal(Enumerable.Range(0, 10_000), seen);
    }

    [Fact]
    public async Task Work_of_many_threads_is_all_done()
    {
        var sum = 0L;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 1; i <= 20_000; i++)
            {
                _loop.Post(_ => sum++, null);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        var done = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(_ => done.SetResult(sum), null);
        Assert.Equal(80_000, await done.Task);
    }

    [Fact]
    public async Task What_is_awaited_on_the_loop_comes_back_to_it()
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var elsewhere = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(async _ =>
        {
            await elsewhere.Task;
            done.SetResult(_loop.IsCurrent);
        }, null);
        elsewhere.SetResult();
        Assert.True(await done.Task);
    }

    [Fact]
    public async Task Delays_end_in_the_order_they_are_due()
    {
        var order = new List<int>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(
            _ =>
            {
                // Far apart: a busy machine may stop between them.
                Wait(600);
                Wait(300);
                Wait(1);
            },
            null);
        await done.Task;
        Assert.Equal([1, 300, 600], order);

        async void Wait(int milliseconds)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), _loop.Time);
            order.Add(_loop.IsCurrent ? milliseconds : -1);
            if (order.Count == 3)
            {
                done.SetResult();
            }
        }
    }

    [Fact]
    public async Task A_changed_timer_fires_once_at_its_last_time()
    {
        var fired = 0;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(_ =>
        {
            var timer = _loop.Time.CreateTimer(
                _ => fired++, null, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            timer.Change(TimeSpan.FromMilliseconds(5), Timeout.InfiniteTimeSpan);
            _loop.Time.CreateTimer(
                _ => done.SetResult(), null, TimeSpan.FromMilliseconds(20), Timeout.InfiniteTimeSpan);
        }, null);
        await done.Task;
        Assert.Equal(1, fired);
    }

    [Fact]
    public async Task A_fault_is_reported_and_the_loop_goes_on()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(_ => throw new InvalidOperationException("planned"), null);
        _loop.Post(_ => done.SetResult(), null);
        await done.Task;
        Assert.Equal("planned", Assert.Single(_faults).Message);
    }
}
