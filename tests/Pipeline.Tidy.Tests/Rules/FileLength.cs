namespace Pipeline.Tidy.Tests.Rules;

/// <summary>No C# file is longer than 400 lines: split it by what it owns.</summary>
public sealed class FileLength : ITidyRule
{
    public const int Max = 400;

    public IEnumerable<Finding> Check(SourceFile file)
    {
        if (file.IsCSharp && file.Lines.Length > Max)
        {
            yield return new Finding(file.Path, Max + 1, $"{file.Lines.Length} lines, at most {Max}");
        }
    }
}
