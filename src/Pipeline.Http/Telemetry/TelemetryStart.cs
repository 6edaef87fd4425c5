using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Pipeline.Http.Telemetry;

/// <summary>Builds the providers when the host starts: nothing else asks for them.</summary>
internal sealed class TelemetryStart : IHostedService
{
    public TelemetryStart(MeterProvider meters, TracerProvider traces) => _ = (meters, traces);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
