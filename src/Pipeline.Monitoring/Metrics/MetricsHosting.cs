using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pipeline.Storage.Metering;

namespace Pipeline.Monitoring.Metrics;

/// <summary>GET /metrics of any host, also of one without the rest of the HTTP interface.</summary>
public static class MetricsHosting
{
    private static readonly string[] Methods = ["GET", "HEAD"];

    /// <summary>
    /// What it needs: a scope of its own, unless the host has one already. Whoever counts must not begin before
    /// <see cref="UseMetrics"/>.
    /// </summary>
    public static IServiceCollection AddMetricsText(this IServiceCollection services)
    {
        services.TryAddSingleton<MeterScope>();
        services.AddSingleton<MeterReadings>();
        services.AddSingleton<ProcessMeter>();
        services.AddSingleton(static provider =>
            new MetricsEndpoint(provider.GetRequiredService<MeterReadings>()));
        return services;
    }

    /// <summary>Meters are listened to from now on.</summary>
    public static void UseMetrics(this WebApplication app)
    {
        app.Services.GetRequiredService<MeterReadings>();
        app.Services.GetRequiredService<ProcessMeter>();
    }

    /// <summary>Listens, and answers to everybody.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        app.UseMetrics();
        app.MapMethods("/metrics", Methods, app.Services.GetRequiredService<MetricsEndpoint>().HandleAsync);
    }
}
