using System.Diagnostics.Metrics;

namespace Pipeline.Storage.Metering;

/// <summary>
/// What one host measures, apart from whatever else the process measures: two engines in one process do not count into
/// each other's metrics, nor set off each other's alerts.
/// </summary>
public sealed class MeterScope
{
    /// <summary>A meter of this host, for whoever asks to dispose of.</summary>
    public Meter NewMeter(string name) => new(new MeterOptions(name) { Scope = this });

    /// <summary>Whether the instrument's meter is of this host.</summary>
    public bool Has(Instrument instrument) => ReferenceEquals(instrument.Meter.Scope, this);
}
