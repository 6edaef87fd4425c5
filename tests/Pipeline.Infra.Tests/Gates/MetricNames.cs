using System.Text.RegularExpressions;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>Alerts name only what the code exports, and only outcomes and problems that it has.</summary>
internal static partial class MetricNames
{
    public static IEnumerable<string> Check(string path, string text, string sources) => Name().Matches(text)
        .Select(match => match.Value).Concat(Word().Matches(text).SelectMany(match => Quoted().Matches(match.Value)
            .Select(quoted => quoted.Groups[1].Value)))
        .Distinct()
        .Where(name => !sources.Contains($"\"{name}\"", StringComparison.Ordinal))
        .Select(name => $"{path}: nothing exports {name}");

    [GeneratedRegex("(?<=Name == \")[^\"]+", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"Properties\.\w+\) in \([^)]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex("\"([^\"]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
