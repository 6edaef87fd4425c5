using System.Text.RegularExpressions;

namespace Pipeline.Tidy.Tests.Rules;

/// <summary>Every version in Directory.Packages.props is of a package that some project names.</summary>
public sealed partial class UsedPackages(Func<string, bool> isNamed) : ITidyRule
{
    public IEnumerable<Finding> Check(SourceFile file) =>
        file.Path != "Directory.Packages.props" ? [] :
        from line in file.Lines.Select((text, index) => (text, number: index + 1))
        let package = Version().Match(line.text).Groups[1].Value
        where package.Length > 0 && !isNamed(package)
        select new Finding(file.Path, line.number, $"no project names {package}");

    [GeneratedRegex("<PackageVersion Include=\"([^\"]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
