using System.Text.Json;
using System.Text.RegularExpressions;
using Pipeline.Infra.Tests.Parsing;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>
/// A file of parameters names parameters of its template, all of those without a default value, and takes them from
/// variables that azd sets, an output gives, or that have a default.
/// </summary>
internal static partial class ParameterFiles
{
    public static IEnumerable<string> Check(string path, string json, BicepFile template, IReadOnlySet<string> known)
    {
        var given = JsonDocument.Parse(json).RootElement.GetProperty("parameters").EnumerateObject()
            .ToDictionary(p => p.Name, p => p.Value.GetProperty("value").ToString());
        var parameters = template.Parameters.ToList();
        foreach (var name in given.Keys.Where(name => !parameters.Exists(p => p.Name == name)))
        {
            yield return $"{path}: {template.Path} has no parameter {name}";
        }

        foreach (var (name, _) in parameters.Where(p => !p.HasDefault && !given.ContainsKey(p.Name)))
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

    [GeneratedRegex(@"\$\{(?<name>\w+)(?<default>=[^}]*)?\}", RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
