using Pipeline.Infra.Tests.Templates;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>What a template gives to a host is what the host reads and binds, by infra/checks/hosts.json.</summary>
internal static class HostBindings
{
    private const string Ingress = "properties.configuration.ingress";
    private const string Probes = "properties.template.containers.probes.httpGet";
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string Temporality = "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE";

    public static IEnumerable<string> Check(ArmResource app, HostBinding host)
    {
        var given = app.Variables;
        foreach (var (name, _) in given.Where(pair => !host.Knows(pair.Name)))
        {
            yield return $"{app}: {name} is nothing that {host.Project} reads";
        }

        foreach (var name in host.Settings.Where(s => !s.Value.Optional).Select(s => s.Key)
            .Where(name => !given.Any(pair => IsOf(pair.Name, name))))
        {
            yield return $"{app}: {host.Project} reads {name}, which is not given";
        }

        foreach (var twice in given.GroupBy(pair => pair.Name).Where(group => group.Count() > 1))
        {
            yield return $"{app}: {twice.Key} is given twice";
        }

        foreach (var port in app.Numbers($"{Ingress}.targetPort")
            .Concat(app.Numbers($"{Ingress}.additionalPortMappings.targetPort")).Concat(app.Numbers($"{Probes}.port"))
            .Where(port => !host.Ports.Contains(port)))
        {
            yield return $"{app}: {host.Project} does not listen on {port}";
        }

        foreach (var probe in app.Texts($"{Probes}.path").Where(probe => !host.Probes.Contains(probe)))
        {
            yield return $"{app}: {host.Project} does not answer {probe}";
        }

        var urls = Value("Pipeline__Urls");
        if (urls is not null && !urls.EndsWith($":{host.HttpPort}", StringComparison.Ordinal))
        {
            yield return $"{app}: Pipeline__Urls is {urls}, the probes ask port {host.HttpPort}";
        }

        // The collector's exporter gives on what it gets: sums since the start would be over any limit for ever.
        if (given.Any(pair => pair.Name == Collector) && Value(Temporality) != "delta")
        {
            yield return $"{app}: the alerts count what happened in a minute: {Temporality} must be delta";
        }

        string? Value(string name) => given.FirstOrDefault(pair => pair.Name == name).Value;
    }

    private static bool IsOf(string variable, string name) => variable == name
        || (name.EndsWith('*') && variable.StartsWith(name[..^1], StringComparison.Ordinal));
}
