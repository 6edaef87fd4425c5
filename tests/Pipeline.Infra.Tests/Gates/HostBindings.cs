using System.Globalization;
using Pipeline.Infra.Tests.Parsing;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>What a template gives to a host is what the host reads and binds, by infra/checks/hosts.json.</summary>
internal static class HostBindings
{
    private const string Containers = "properties.template.containers";

    public static IEnumerable<string> Check(BicepResource app, HostBinding host)
    {
        var given = app.Pairs($"{Containers}.env").ToList();
        foreach (var (name, _) in given.Where(pair => !host.Knows(Plain(pair.Name))))
        {
            yield return $"{app.Where}: {name} is nothing that {host.Project} reads";
        }

        foreach (var name in host.Settings.Where(s => !s.Value.Optional).Select(s => s.Key)
            .Where(name => !given.Exists(pair => Plain(pair.Name) == name)))
        {
            yield return $"{app.Where}: {host.Project} reads {name}, which is not given";
        }

        foreach (var port in Values(app, ".targetPort").Concat(Values(app, ".port"))
            .Where(port => !host.Ports.Contains(port)))
        {
            yield return $"{app.Where}: {host.Project} does not listen on {port}";
        }

        var probes = app.Properties
            .Where(p => p.Path == $"{Containers}.probes.httpGet.path").Select(p => p.Value.Word).ToList();
        foreach (var probe in probes.Where(probe => !host.Probes.Contains(probe)))
        {
            yield return $"{app.Where}: {host.Project} does not answer {probe}";
        }

        var urls = given.FirstOrDefault(pair => pair.Name == "Pipeline__Urls").Value;
        if (urls is not null && !urls.EndsWith($":{host.HttpPort}", StringComparison.Ordinal))
        {
            yield return $"{app.Where}: Pipeline__Urls is {urls}, the probes ask port {host.HttpPort}";
        }
    }

    /// <summary>Pipeline__Store__${letters[i]} is one of the family Pipeline__Store__*.</summary>
    private static string Plain(string name) =>
        name.IndexOf('$', StringComparison.Ordinal) is var at and >= 0 ? $"{name[..at]}*" : name;

    private static IEnumerable<int> Values(BicepResource app, string ending) => app.Properties
        .Where(p => p.Path.EndsWith(ending, StringComparison.Ordinal) && p.Value.Type == "number")
        .Select(p => int.Parse(p.Value.Word, CultureInfo.InvariantCulture));
}
