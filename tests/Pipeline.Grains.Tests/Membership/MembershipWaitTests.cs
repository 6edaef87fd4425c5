using System.Data.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Grains.Membership;

namespace Pipeline.Grains.Tests.Membership;

public sealed class MembershipWaitTests
{
    private int _asked;

    [Fact]
    public async Task A_database_that_is_away_is_asked_until_it_answers()
    {
        await Wait(static asked => asked < 3 ? new DatabaseFault(isTransient: true) : null).StartingAsync(default);

        Assert.Equal(3, _asked);
    }

    [Theory]
    [InlineData("42P01", "run `Pipeline.Silo migrate`")]
    [InlineData("3D000", "does not exist")]
    [InlineData("28P01", "refuses the login")]
    [InlineData("42501", "may not use")]
    [InlineData(null, "refuses")]
    public async Task What_waiting_does_not_cure_ends_the_start_and_says_what_to_do(string? state, string advice)
    {
        var wait = Wait(_ => new DatabaseFault(isTransient: false, state));

        var refused = await Assert.ThrowsAsync<MembershipException>(() => wait.StartingAsync(default));
        Assert.Contains(advice, refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task Waiting_ends_with_the_host()
    {
        using var host = new CancellationTokenSource();
        var wait = Wait(asked =>
        {
            host.Cancel();
            return new DatabaseFault(isTransient: true);
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.StartingAsync(host.Token));
    }

    private MembershipWait Wait(Func<int, Exception?> answer) => new(
        _ => answer(++_asked) is { } fault ? Task.FromException(fault) : Task.CompletedTask,
        TimeProvider.System,
        NullLogger<MembershipWait>.Instance);

    private sealed class DatabaseFault(bool isTransient, string? state = null) : DbException
    {
        public override string? SqlState => state;

        public override bool IsTransient => isTransient;
    }
}
