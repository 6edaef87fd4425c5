using Microsoft.Extensions.Logging.Abstractions;
using Pipeline.Grains.Calls;
using Pipeline.Grains.Tests.Restarts;

namespace Pipeline.Grains.Tests.Calls;

/// <summary>A loop of a background service that ends ends its process with it.</summary>
public sealed class EndlessLoopTests
{
    [Fact]
    public async Task No_failure_ends_it_whatever_it_is()
    {
        using var stop = new CancellationTokenSource();
        Exception[] faults =
        [
            new TimeoutException(), new OrleansException(), new IOException(), new InvalidOperationException(),
            new ObjectDisposedException("client"),
            new System.Text.Json.JsonException(),
            new OperationCanceledException(),
        ];
        var turns = 0;
        await EndlessLoop.RunAsync(
            () =>
            {
                if (turns == faults.Length)
                {
                    stop.Cancel();
                    return Task.CompletedTask;
                }

                throw faults[turns++];
            },
            TimeSpan.FromSeconds(1), new JumpingTime(), NullLogger.Instance, stop.Token);
        Assert.Equal(faults.Length, turns);
    }
}
