using Pipeline.Grains.Partitions;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Tests.Partitions;

public sealed class AppendLaneTests
{
    private const int MostCalls = 3;
    private const int Large = 16 << 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<(AppendMessage[] Parts, TaskCompletionSource<AppendAnswer[]> Answer)> _calls = [];
    private readonly AppendLane _lane;

    public AppendLaneTests() => _lane = new AppendLane(CallAsync, TimeProvider.System);

    [Fact]
    public async Task What_comes_while_a_call_is_under_way_goes_with_the_next_one_and_each_gets_its_own_answer()
    {
        var answers = Enumerable.Range(0, 10).Select(number => AppendAsync(number)).ToList();
        Assert.Equal(["0"], Sent());
        Answer(0);
        await answers[0];
        await CallsAsync(2);
        Assert.Equal("1 2 3 4 5 6 7 8 9", Sent()[1]);
        Answer(1);
        var offsets = (await Task.WhenAll(answers)).Select(static answer => (int)answer.LastOffset);
        Assert.Equal(Enumerable.Range(0, 10), offsets);
    }

    [Fact]
    public async Task Large_parts_do_not_wait_for_a_call_until_three_are_under_way()
    {
        var answers = Enumerable.Range(0, 5).Select(number => AppendAsync(number, size: Large)).ToList();
        Assert.Equal(["0", "1", "2"], Sent());
        Answer(1);
        await CallsAsync(MostCalls + 1);
        Assert.Equal("3 4", Sent()[^1]);
        Answer(0);
        Answer(2);
        Answer(MostCalls);
        await Task.WhenAll(answers);
    }

    [Fact]
    public async Task A_call_that_fails_fails_its_own_parts_only()
    {
        var answers = Enumerable.Range(0, 5).Select(number => AppendAsync(number)).ToList();
        _calls[0].Answer.SetException(new TimeoutException("no answer"));
        await Assert.ThrowsAsync<TimeoutException>(() => answers[0]);
        await CallsAsync(2);
        Answer(1);
        Assert.Equal([1, 2, 3, 4], (await Task.WhenAll(answers[1..])).Select(static answer => (int)answer.LastOffset));
    }

    [Fact]
    public async Task Each_part_of_a_call_that_nobody_answers_waits_as_long_as_it_wants_to_and_the_next_call_goes()
    {
        var first = AppendAsync(0);
        var (hasty, patient) = (AppendAsync(1, TimeSpan.FromMilliseconds(50)), AppendAsync(2));
        Answer(0);
        await first;
        await CallsAsync(2);
        Assert.Equal("1 2", Sent()[1]);
        var next = AppendAsync(3);
        await Assert.ThrowsAsync<TimeoutException>(() => hasty);
        await CallsAsync(3);
        Answer(2);
        Assert.Equal(3, (await next).LastOffset);
        Assert.False(patient.IsCompleted);
        Answer(1);
        Assert.Equal(2, (await patient).LastOffset);
    }

    [Fact]
    public async Task What_cannot_even_be_sent_fails_and_the_next_call_goes()
    {
        var isGone = true;
        var lane = new AppendLane(
            parts => isGone ? throw new OrleansException("the client has stopped") : CallAsync(parts),
            TimeProvider.System);
        var message = new AppendMessage(new byte[1], Patience);
        await Assert.ThrowsAsync<OrleansException>(() => lane.AppendAsync(message, Patience));
        isGone = false;
        var next = lane.AppendAsync(message, Patience);
        await CallsAsync(1);
        Answer(0);
        Assert.Equal(AppendStatus.Appended, (await next).Status);
    }

    [Fact]
    public async Task A_call_takes_no_more_parts_once_it_has_a_mebibyte()
    {
        var answers = Enumerable.Range(0, MostCalls).Select(number => AppendAsync(number, size: Large)).ToList();
        answers.AddRange(Enumerable.Range(MostCalls, 3).Select(number => AppendAsync(number, size: 1 << 19)));
        Answer(0);
        await CallsAsync(MostCalls + 1);
        Assert.Equal("3 4", Sent()[^1]);
        Answer(1);
        await CallsAsync(MostCalls + 2);
        Assert.Equal("5", Sent()[^1]);
    }

    private Task<AppendAnswer> AppendAsync(int number, TimeSpan? patience = null, int size = 1)
    {
        var part = new byte[size];
        part[0] = (byte)number;
        return _lane.AppendAsync(new AppendMessage(part, Patience), patience ?? Patience);
    }

    private Task<AppendAnswer[]> CallAsync(AppendMessage[] parts)
    {
        lock (_calls)
        {
            _calls.Add((parts, new TaskCompletionSource<AppendAnswer[]>()));
            return _calls[^1].Answer.Task;
        }
    }

    /// <summary>The parts of each call, by their number.</summary>
    private List<string> Sent()
    {
        lock (_calls)
        {
            return [.. _calls.Select(static call => string.Join(' ', call.Parts.Select(static part => part.Part[0])))];
        }
    }

    /// <summary>Answers a call: the offset of each part is its number.</summary>
    private void Answer(int call) => _calls[call].Answer.SetResult([.. _calls[call].Parts.Select(
        static part => AppendAnswer.Of(AppendStatus.Appended) with { LastOffset = part.Part[0] })]);

    private Task CallsAsync(int count) => TestKit.Machines.Eventually.IsTrueAsync(
        () => Task.FromResult(Sent().Count >= count), Patience, $"{count} calls");
}
