using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>
/// Workflows: well formed, no more rights than they name, a limit of time on every job, actions by their major version,
/// no long-lived secret, and only commands and projects that are there.
/// </summary>
internal static partial class Workflows
{
    public static IEnumerable<string> Check(string path, string text, Func<string, bool> exists)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        if (!root.Children.ContainsKey("permissions"))
        {
            yield return $"{path}: takes whatever rights it is given: say permissions";
        }

        foreach (var (name, job) in ((YamlMappingNode)root["jobs"]).Children)
        {
            if (!((YamlMappingNode)job).Children.ContainsKey("timeout-minutes"))
            {
                yield return $"{path}: {name} may run for ever: say timeout-minutes";
            }
        }

        foreach (var action in Uses().Matches(text).Select(match => match.Groups[1].Value)
            .Where(action => !Pinned().IsMatch(action)))
        {
            yield return $"{path}: {action} is not pinned to a major version";
        }

        foreach (var secret in Secret().Matches(text).Select(match => match.Value))
        {
            yield return $"{path}: {secret}: sign in by federation";
        }

        foreach (var file in Named().Matches(text).Select(match => match.Value).Distinct()
            .Where(file => !exists(file)))
        {
            yield return $"{path}: {file} is not there";
        }
    }

    [GeneratedRegex(@"uses:\s*(\S+)", RegexOptions.CultureInvariant)]
    private static partial Regex Uses();

    [GeneratedRegex(@"^[\w.-]+/[\w./-]+@v\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex Pinned();

    [GeneratedRegex(@"\$\{\{\s*secrets\.\w+", RegexOptions.CultureInvariant)]
    private static partial Regex Secret();

    [GeneratedRegex(@"\.ci/run|\bglobal\.json|\bPipeline\.sln|\bazure\.yaml",
        RegexOptions.CultureInvariant)]
    private static partial Regex Named();
}
