using Pipeline.Grains.Partitions;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Tests.Partitions;

public sealed class ReservationsTests
{
    private static readonly PartHeader Header = new() { HandleKind = HandleKind.Key, Handle = new Hash128(1, 2) };

    private readonly Reservations _reservations = new(TimeProvider.System);

    [Fact]
    public async Task Asking_twice_while_the_first_answer_is_on_its_way_asks_once()
    {
        var answer = new TaskCompletionSource<AppendAnswer>();
        var asked = 0;
        var token = Guid.NewGuid();
        var first = _reservations.AskAsync(token, Header, Ask);
        var second = _reservations.AskAsync(token, Header, Ask);
        answer.SetResult(AppendAnswer.Of(AppendStatus.Appended));
        Assert.Equal(AppendStatus.Appended, (await first).Status);
        Assert.Equal(AppendStatus.Appended, (await second).Status);
        Assert.Equal(1, asked);

        Task<AppendAnswer> Ask()
        {
            asked++;
            return answer.Task;
        }
    }

    [Fact]
    public async Task What_was_refused_may_be_asked_anew()
    {
        var token = Guid.NewGuid();
        await _reservations.AskAsync(token, Header, static () => Answer(AppendStatus.NotAppended));
        _reservations.Forget(token);
        var again = await _reservations.AskAsync(token, Header, static () => Answer(AppendStatus.Appended));
        Assert.Equal(AppendStatus.Appended, again.Status);
    }

    [Fact]
    public async Task A_request_that_is_over_reserves_nothing_when_a_late_message_asks_for_it()
    {
        var token = Guid.NewGuid();
        await _reservations.AskAsync(token, Header, static () => Answer(AppendStatus.Appended));
        Assert.Equal(Header, _reservations.End(token));
        await _reservations.AskAsync(token, Header, static () => throw new InvalidOperationException("asked"));
        Assert.Null(_reservations.End(token));
    }

    private static Task<AppendAnswer> Answer(AppendStatus status) => Task.FromResult(AppendAnswer.Of(status));
}
