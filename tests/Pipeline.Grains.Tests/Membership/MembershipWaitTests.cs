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

    [Fact]
    public async Task What_waiting_does_not_cure_ends_the_start()
    {
        var wait = Wait(static _ => new DatabaseFault(isTransient: false));

        await Assert.ThrowsAsync<DatabaseFault>(() => wait.StartingAsync(default));
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

    private sealed class DatabaseFault(bool isTransient) : DbException
    {
        public override bool IsTransient => isTransient;
    }
}
