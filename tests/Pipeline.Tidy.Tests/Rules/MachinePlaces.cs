using System.Text.RegularExpressions;

namespace Pipeline.Tidy.Tests.Rules;

/// <summary>
/// No file names a place that exists only on somebody's machine: home folders, private hosts. The private networks of
/// RFC 1918 as a whole are nobody's.
/// </summary>
public sealed partial class MachinePlaces : ITidyRule
{
    public IEnumerable<Finding> Check(SourceFile file) =>
        from line in file.Lines.Select((text, index) => (text, number: index + 1))
        let place = Place().Match(line.text)
        where place.Success
        select new Finding(file.Path, line.number, $"{place.Value} is a place of one machine");

    [GeneratedRegex(
        @"(?<![\w.\]])/(work|root|farm|tmp|home|Users)/[a-z]|\b[A-Z]:\\Users\\"
        + @"|\b(?!10\.0\.0\.0/8\b|192\.168\.0\.0/16\b)(192\.168|10\.\d+)\.\d+\.\d+\b|\.(lan|local|internal)(:|/)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
