using System.Diagnostics;

namespace Pipeline.TestKit.Stores;

/// <summary>Waits for what another thread or process brings about and announces to nobody.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, Func<string> describe)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"not within {Limit.TotalSeconds} s: {describe()}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
        }
    }
}
