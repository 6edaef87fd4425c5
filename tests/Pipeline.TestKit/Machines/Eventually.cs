using System.Diagnostics;

namespace Pipeline.TestKit.Machines;

/// <summary>Asks another process again and again: across a process border there is nothing to await.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> enough, TimeSpan limit, string what)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (enough(answer))
            {
                return answer;
            }

            Assert.True(watch.Elapsed < limit, $"not within {limit.TotalSeconds} s: {what}; last seen: {answer}");
            await Task.Delay(Pause);
        }
    }

    public static Task IsTrueAsync(Func<Task<bool>> ask, TimeSpan limit, string what) =>
        GetAsync(ask, static yes => yes, limit, what);
}
