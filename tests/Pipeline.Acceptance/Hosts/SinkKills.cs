using Pipeline.TestKit.Loads;

namespace Pipeline.Acceptance.Hosts;

/// <summary>kill -9 of a host under load, and its sink's target taken away for a while.</summary>
internal static class SinkKills
{
    public const int Kills = 4;

    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Ends with the load stopped and the host running.</summary>
    /// <param name="site">Where the host runs.</param>
    /// <param name="load">Not started.</param>
    /// <param name="takeAway">The target goes away.</param>
    /// <param name="bringBack">It is there again, with what it held.</param>
    public static async Task<StandaloneProcess> RunAsync(
        Site site, KeyedLoad load, Func<Task> takeAway, Func<Task> bringBack)
    {
        var random = new Random(Environment.TickCount);
        var host = await site.StartAsync();
        load.Start();
        for (var kill = 0; kill < Kills; kill++)
        {
            await load.AcceptedMoreAsync(random.Next(1, 2_000), Limit);
            if (kill == Kills / 2)
            {
                await takeAway();
                await load.AcceptedMoreAsync(500, Limit);
                await bringBack();
            }

            await host.DisposeAsync();
            host = await site.StartAsync();
        }

        await load.AcceptedMoreAsync(500, Limit);
        await load.StopAsync();
        return host;
    }
}
