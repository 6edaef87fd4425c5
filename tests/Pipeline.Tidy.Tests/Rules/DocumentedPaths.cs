using System.Text.RegularExpressions;

namespace Pipeline.Tidy.Tests.Rules;

/// <summary>Every path that README and docs/ name, in a link or in backticks, exists.</summary>
public sealed partial class DocumentedPaths(Func<string, bool> exists) : ITidyRule
{
    private static readonly string[] Tops = ["src/", "tests/", "docs/", "eng/", "pipelines/", ".ci/"];

    public IEnumerable<Finding> Check(SourceFile file) =>
        !file.Path.EndsWith(".md", StringComparison.Ordinal) ? [] :
        from line in file.Lines.Select((text, index) => (text, number: index + 1))
        from path in Links(file, line.text).Concat(Quoted(line.text))
        where !exists(path)
        select new Finding(file.Path, line.number, $"{path} does not exist");

    private static IEnumerable<string> Links(SourceFile file, string line) =>
        from link in Link().Matches(line)
        let target = link.Groups[1].Value.Split('#')[0]
        where target.Length > 0 && !target.Contains(':')
        select Normal(Path.Combine(Path.GetDirectoryName(file.Path) ?? "", target));

    private static IEnumerable<string> Quoted(string line) =>
        from quote in Quote().Matches(line)
        from word in quote.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        let path = word.TrimEnd(',', ';', ':', '.')
        where Tops.Any(top => path.StartsWith(top, StringComparison.Ordinal)) && !Placeholder().IsMatch(path)
        select path;

    private static string Normal(string path) =>
        Path.GetRelativePath(Repository.Root, Path.GetFullPath(path, Repository.Root)).Replace('\\', '/');

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex("`([^`]+)`", RegexOptions.CultureInvariant)]
    private static partial Regex Quote();

    [GeneratedRegex(@"[{}<>*…$]|\.\.\.", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
