using System.Diagnostics.Metrics;

namespace Pipeline.Monitoring.Metrics;

/// <summary>Names of instruments as Prometheus has them: base units, and <c>_total</c> at the end.</summary>
internal static class PrometheusNames
{
    /// <summary>
    /// Names of the runtime's meter that end in <c>_count</c>, which only histograms may: what they count, instead.
    /// </summary>
    private static readonly Dictionary<string, string> Plurals = new(StringComparer.Ordinal)
    {
        ["dotnet_assembly_count"] = "dotnet_assemblies",
        ["dotnet_process_cpu_count"] = "dotnet_process_cpus",
        ["dotnet_thread_pool_thread_count"] = "dotnet_thread_pool_threads",
        ["dotnet_thread_pool_work_item_count"] = "dotnet_thread_pool_work_items",
        ["dotnet_timer_count"] = "dotnet_timers",
    };

    /// <summary>Name of the family, without <c>_total</c>.</summary>
    public static string FamilyOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_').Replace('-', '_');
        name = Plurals.GetValueOrDefault(name, name);
        var unit = instrument.Unit switch { "s" => "_seconds", "By" => "_bytes", _ => "" };
        return name.EndsWith(unit, StringComparison.Ordinal) ? name : name + unit;
    }

    /// <summary>Name of the series.</summary>
    public static string NameOf(Instrument instrument) =>
        MeterSeries.IsSum(instrument) ? FamilyOf(instrument) + "_total" : FamilyOf(instrument);

    /// <summary>One line, as the format wants it.</summary>
    public static string HelpOf(Instrument instrument) => (instrument.Description ?? instrument.Name)
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\"", "'", StringComparison.Ordinal);
}
