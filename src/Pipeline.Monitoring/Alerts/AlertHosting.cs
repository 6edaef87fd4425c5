using Microsoft.Extensions.DependencyInjection;
using Pipeline.Storage.Metering;

namespace Pipeline.Monitoring.Alerts;

/// <summary>Alerts as services.</summary>
internal static class AlertHosting
{
    public static void AddAlerts(this IServiceCollection services, AlertOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(provider => new AlertInputs(
            provider.GetRequiredService<MeterScope>(),
            provider.GetRequiredService<TimeProvider>(), isOwn: !options.IsShared));
        services.AddSingleton<AlertPost>();
        services.AddSingleton(provider => new AlertBoard(options.Apply(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<AlertTurn>();
        services.AddSingleton<IReadOnlyList<AlertOutbox>>(provider =>
        [
            .. options.Targets.Select(target => new AlertOutbox(
                target,
                provider.GetRequiredService<AlertPost>(),
                provider.GetRequiredService<AlertBoard>(),
                provider.GetRequiredService<TimeProvider>())),
        ]);
        services.AddHostedService<AlertWatch>();
    }
}
