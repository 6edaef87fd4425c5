using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>azure.yaml, by the rules of its schema that matter here and by the list of hosts.</summary>
internal sealed class AzureYaml
{
    private readonly YamlMappingNode _root;

    public AzureYaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new MergingParser(new Parser(new StringReader(text))));
        _root = (YamlMappingNode)stream.Documents[0].RootNode;
    }

    public IReadOnlyList<string> Services => [.. Entries(_root, "services").Select(service => service.Name)];

    public IEnumerable<string> Check(Func<string, bool> exists)
    {
        foreach (var name in Names(_root).Where(name => !Checks.Azd.Top.Contains(name)))
        {
            yield return $"azure.yaml: {name} is not in infra/checks/azd.json";
        }

        if (Text(_root, "name") is not { Length: > 0 } given || given.Any(c => !char.IsAsciiLetterLower(c) && c != '-'))
        {
            yield return "azure.yaml: name must be of small letters";
        }

        foreach (var problem in Entries(_root, "services").SelectMany(s => Service(s.Name, s.Node, exists))
            .Concat(Names(_root).Contains("workflows") ? Steps() : []))
        {
            yield return problem;
        }
    }

    /// <summary>azd up deploys each service by itself, and none before those that it uses.</summary>
    private IEnumerable<string> Steps()
    {
        var steps = ((YamlSequenceNode)((YamlMappingNode)((YamlMappingNode)_root["workflows"])["up"])["steps"])
            .Children.Select(step => step["azd"].ToString()).ToList();
        foreach (var (name, service) in Entries(_root, "services"))
        {
            var at = steps.IndexOf($"deploy {name}");
            if (at < 0)
            {
                yield return $"azure.yaml: workflows.up does not deploy {name} by itself";
            }

            foreach (var used in List(service, "uses").Where(used => steps.IndexOf($"deploy {used}") > at))
            {
                yield return $"azure.yaml: workflows.up deploys {name} before {used}";
            }
        }
    }

    private IEnumerable<string> Service(string name, YamlMappingNode service, Func<string, bool> exists)
    {
        var at = $"azure.yaml: services.{name}";
        foreach (var key in Names(service).Where(key => !Checks.Azd.Service.Contains(key)))
        {
            yield return $"{at}.{key} is not in infra/checks/azd.json";
        }

        if (!Checks.Azd.Hosts.Contains(Text(service, "host")))
        {
            yield return $"{at}.host must be one of {string.Join(", ", Checks.Azd.Hosts)}";
        }

        if (!Checks.Azd.Languages.Contains(Text(service, "language")))
        {
            yield return $"{at}.language must be one of {string.Join(", ", Checks.Azd.Languages)}";
        }

        foreach (var problem in Places(at, service, exists))
        {
            yield return problem;
        }

        foreach (var used in List(service, "uses").Where(used => !Services.Contains(used)))
        {
            yield return $"{at}.uses names {used}, which is no service";
        }
    }

    private static IEnumerable<string> Places(string at, YamlMappingNode service, Func<string, bool> exists)
    {
        var project = (Text(service, "project") ?? "").Replace("./", "", StringComparison.Ordinal);
        if (!exists(project))
        {
            yield return $"{at}.project: {project} is not there";
        }

        var module = $"infra/{Text(service, "module")}";
        foreach (var file in new[] { $"{module}.bicep", $"{module}.parameters.json" }.Where(file => !exists(file)))
        {
            yield return $"{at}.module: {file} is not there";
        }

        foreach (var (hook, node) in Entries(service, "hooks"))
        {
            var script = Path.GetRelativePath(
                Repository.Root, Path.GetFullPath(Repository.At($"{project}/{Text(node, "run")}"))).Replace('\\', '/');
            if (!Checks.Azd.ServiceHooks.Contains(hook))
            {
                yield return $"{at}.hooks.{hook} is no hook";
            }

            if (!exists(script))
            {
                yield return $"{at}.hooks.{hook}: {script} is not there";
            }
        }
    }

    private static IEnumerable<string> Names(YamlMappingNode node) => node.Children.Keys.Select(key => key.ToString());

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value.ToString() : null;

    private static IEnumerable<(string Name, YamlMappingNode Node)> Entries(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) && value is YamlMappingNode entries
            ? entries.Children.Select(entry => (entry.Key.ToString(), (YamlMappingNode)entry.Value))
            : [];

    private static IEnumerable<string> List(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) && value is YamlSequenceNode list
            ? list.Children.Select(item => item.ToString())
            : [];
}
