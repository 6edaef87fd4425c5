using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Infra.Tests.Templates;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>
/// A file of parameters names parameters of its template, all of those without a default value, and takes them from
/// variables that azd sets, an output gives, or that have a default; and those that a user may set, a deployment by
/// workflow is given too.
/// </summary>
internal static partial class ParameterFiles
{
    public static IEnumerable<string> Check(string path, string json, ArmTemplate template, IReadOnlySet<string> known)
    {
        var given = JsonDocument.Parse(json).RootElement.GetProperty("parameters").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.GetProperty("value").ToString());
        var parameters = template.Parameters.ToList();
        foreach (var name in given.Keys.Where(name => !parameters.Exists(p => p.Name == name)))
        {
            yield return $"{path}: {template.Path} has no parameter {name}";
        }

        foreach (var (name, _, _) in parameters.Where(p => !p.HasDefault && !given.ContainsKey(p.Name)))
        {
            yield return $"{path}: {template.Path} needs the parameter {name}";
        }

        foreach (var (name, value) in given)
        {
            foreach (Match variable in Variable().Matches(value))
            {
                if (!variable.Groups["default"].Success && !known.Contains(variable.Groups["name"].Value))
                {
                    yield return $"{path}: nobody sets {variable.Groups["name"].Value} for {name}";
                }
            }
        }
    }

    /// <summary>A variable that is not passed on would silently be its default in the next deployment.</summary>
    /// <param name="json">A file of parameters.</param>
    /// <param name="known">What azd, an output or a hook sets.</param>
    /// <param name="azureYaml">Names the variables that azd takes over into a workflow.</param>
    /// <param name="workflow">Gives them to azd.</param>
    public static IEnumerable<string> Passed(
        string json, IReadOnlySet<string> known, string azureYaml, string workflow) =>
        from variable in Variable().Matches(json)
        let name = variable.Groups["name"].Value
        where !known.Contains(name)
        from finding in (string[])
        [
            .. Missing(azureYaml, $"\n    - {name}\n", $"azure.yaml: pipeline.variables lacks {name}"),
            .. Missing(workflow, $"\n  {name}: ${{{{ vars.{name}", $"release.yml does not pass {name} on"),
        ]
        select finding;

    private static string[] Missing(string text, string wanted, string finding) =>
        text.Contains(wanted, StringComparison.Ordinal) ? [] : [finding];

    [GeneratedRegex(@"\$\{(?<name>\w+)(?<default>=[^}]*)?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
