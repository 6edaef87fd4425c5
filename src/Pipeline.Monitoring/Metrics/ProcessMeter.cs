using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using Pipeline.Storage.Metering;

namespace Pipeline.Monitoring.Metrics;

/// <summary>
/// The process as Prometheus' own clients show it (<c>process_cpu_seconds_total</c> …), and which build it is. Of
/// /metrics alone: by OTLP the runtime's meter says the same.
/// </summary>
internal sealed class ProcessMeter : IDisposable
{
    public const string MeterName = "Process";

    private const string Descriptors = "/proc/self/fd";

    private readonly Meter _meter;

    public ProcessMeter(MeterScope scope, TimeProvider time)
    {
        _meter = scope.NewMeter(MeterName);
        var started = StartTime();
        _meter.CreateObservableGauge("pipeline.build.info", static () => Build(), null, "The build; always 1.");
        _meter.CreateObservableGauge(
            "pipeline.clock.time", () => Seconds(time.GetUtcNow()), "s", "This host's clock, since 1970.");
        _meter.CreateObservableCounter(
            "process.cpu", static () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "Processor time taken.");
        _meter.CreateObservableGauge(
            "process.resident_memory", static () => Environment.WorkingSet, "By", "Memory that is resident.");
        _meter.CreateObservableGauge("process.start_time", () => started, "s", "When it was started, since 1970.");
        if (Directory.Exists(Descriptors))
        {
            _meter.CreateObservableGauge(
                "process.open_fds", static () => Directory.EnumerateFiles(Descriptors).Count(), null, "Open files.");
        }
    }

    public void Dispose() => _meter.Dispose();

    private static double StartTime()
    {
        using var self = Process.GetCurrentProcess();
        return Seconds(self.StartTime.ToUniversalTime());
    }

    private static double Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static Measurement<int> Build()
    {
        var version = typeof(ProcessMeter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
        return new Measurement<int>(
            1,
            new("version", version?.InformationalVersion ?? "unknown"),
            new("runtime", $"{Environment.Version}"));
    }
}
