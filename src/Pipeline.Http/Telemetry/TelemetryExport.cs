using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Pipeline.Http.Telemetry;

/// <summary>
/// Traces, metrics and logs of a host by OTLP, set by the standard variables (OTEL_EXPORTER_OTLP_ENDPOINT,
/// OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER …). Without an endpoint nothing is collected and nothing is paid.
/// </summary>
public static class TelemetryExport
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary><paramref name="service"/> is the service's name unless OTEL_SERVICE_NAME says another.</summary>
    public static void AddTelemetryExport(this WebApplicationBuilder builder, string service)
    {
        if (string.IsNullOrWhiteSpace(builder.Configuration[Endpoint]))
        {
            return;
        }

        var name = builder.Configuration["OTEL_SERVICE_NAME"] ?? service;
        new TelemetryBuilder(builder.Services)
            .ConfigureResource(resource => resource.AddService(name))
            .WithMetrics(static metrics => metrics.AddMeter(
                "Pipeline.*", "Microsoft.Orleans", "Microsoft.AspNetCore.*", "System.Runtime"))
            .WithTracing(static traces => traces.AddSource(
                "Pipeline.*", "Microsoft.Orleans.*", "Microsoft.AspNetCore", "Npgsql"))
            .WithLogging()
            .UseOtlpExporter();
        builder.Services.Configure<OpenTelemetryLoggerOptions>(static logs => logs.IncludeFormattedMessage = true);
        builder.Services.AddHostedService<TelemetryStart>();
    }

    private sealed class TelemetryBuilder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services => services;
    }
}
