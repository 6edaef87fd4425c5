using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Pipeline.Http.Telemetry;

/// <summary>
/// Traces, metrics and logs of a host by OTLP, set by the standard variables (OTEL_EXPORTER_OTLP_ENDPOINT,
/// OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER …). Without an endpoint nothing is collected and nothing is paid. Unless
/// the variables say otherwise, a caller's decision to record a trace is followed, and of requests without one, one in
/// a hundred is recorded.
/// </summary>
public static class TelemetryExport
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ServerDiagnostics = "Microsoft.AspNetCore.Hosting.Diagnostics";
    private const string Sampler = "OTEL_TRACES_SAMPLER";
    private const double RecordedShare = 0.01;

    /// <summary>Whether a collector is named.</summary>
    public static bool HasTelemetryExport(this WebApplicationBuilder builder) =>
        !string.IsNullOrWhiteSpace(builder.Configuration[Endpoint]);

    /// <summary><paramref name="service"/> is the service's name unless OTEL_SERVICE_NAME says another.</summary>
    public static void AddTelemetryExport(this WebApplicationBuilder builder, string service)
    {
        if (!builder.HasTelemetryExport())
        {
            // A logger there makes the server begin a span for each request, which nobody would see.
            builder.Logging.AddFilter(ServerDiagnostics, LogLevel.None);
            builder.Logging.AddFilter<ConsoleLoggerProvider>(ServerDiagnostics, LogLevel.None);
            return;
        }

        var hasSampler = !string.IsNullOrWhiteSpace(builder.Configuration[Sampler]);
        var name = builder.Configuration["OTEL_SERVICE_NAME"] ?? service;
        new TelemetryBuilder(builder.Services)
            .ConfigureResource(resource => resource.AddService(name))
            .WithMetrics(static metrics => metrics.AddMeter(
                "Pipeline.*", "Microsoft.Orleans", "Microsoft.AspNetCore.Hosting", "System.Runtime"))
            .WithTracing(traces => Sample(traces, hasSampler).AddSource(
                "Pipeline.*", "Microsoft.Orleans.*", "Microsoft.AspNetCore", "Npgsql"))
            .WithLogging()
            .UseOtlpExporter();
        builder.Services.Configure<OpenTelemetryLoggerOptions>(static logs => logs.IncludeFormattedMessage = true);
        builder.Services.AddHostedService<TelemetryStart>();
    }

    private static TracerProviderBuilder Sample(TracerProviderBuilder traces, bool hasSampler) => hasSampler
        ? traces
        : traces.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(RecordedShare)));

    private sealed class TelemetryBuilder(IServiceCollection services) : IOpenTelemetryBuilder
    {
        public IServiceCollection Services => services;
    }
}
