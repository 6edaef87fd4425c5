using Pipeline.Runtime.Pipelines;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

public sealed class BirthsTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(700)]
    public async Task Only_a_few_are_on_their_way_at_once_and_one_that_failed_is_told(int bad)
    {
        var births = new Births(default);
        var (running, most, all) = (0, 0, 0);
        var gate = new Lock();
        for (var i = 0; i < 1_000; i++)
        {
            var number = i;
            await births.AddAsync(async () =>
            {
                lock (gate)
                {
                    most = Math.Max(most, ++running);
                }

                await Task.Yield();
                lock (gate)
                {
                    (running, all) = (running - 1, all + 1);
                }

                return number != bad;
            });
        }

        Assert.Equal(bad < 0, await births.EndAsync());
        Assert.Equal(1_000, all);
        Assert.InRange(most, 1, 16);
    }

    [Fact]
    public async Task Nothing_more_begins_when_nobody_waits_any_longer()
    {
        using var gone = new CancellationTokenSource();
        var births = new Births(gone.Token);
        await births.AddAsync(() => ValueTask.FromResult(true));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await births.AddAsync(() => ValueTask.FromResult(true)));
    }
}
