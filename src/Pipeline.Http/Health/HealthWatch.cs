using Microsoft.Extensions.Hosting;
using Pipeline.Http.Engine;

namespace Pipeline.Http.Health;

/// <summary>Looks at the engine every second, so that <c>since</c> is right also where nobody asks.</summary>
internal sealed class HealthWatch(EngineAccess access, HealthBoard board, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                var health = access.Engine.Health;
                board.Note([.. EngineChecks.Ready(health, access.IsHostReady), .. EngineChecks.Live(health)]);
                await Task.Delay(Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }
}
