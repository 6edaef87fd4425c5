namespace Pipeline.Tidy.Tests.Rules;

/// <summary>No line of C# is longer than 120 characters.</summary>
public sealed class LineLength : ITidyRule
{
    public const int Max = 120;

    public IEnumerable<Finding> Check(SourceFile file) => !file.IsCSharp ? [] :
        from line in file.Lines.Select((text, index) => (text, number: index + 1))
        where line.text.Length > Max
        select new Finding(file.Path, line.number, $"{line.text.Length} characters, at most {Max}");
}
