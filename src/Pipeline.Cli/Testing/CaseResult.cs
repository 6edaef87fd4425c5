using Pipeline.Definitions;

namespace Pipeline.Cli.Testing;

/// <summary>How a case ended.</summary>
internal sealed record CaseResult(
    string Name, TextPosition Position, TimeSpan Took, IReadOnlyList<CaseFailure> Failures)
{
    public bool IsPassed => Failures.Count == 0;
}

/// <summary>Something that was not as the case expects.</summary>
/// <param name="At">What of the test file it is about.</param>
/// <param name="What">In one line.</param>
/// <param name="Lines">The rows that differ.</param>
internal sealed record CaseFailure(TextPosition At, string What, IReadOnlyList<DiffLine> Lines);

/// <summary>A line of a difference.</summary>
/// <param name="Sign"><c>-</c>: expected and missing; <c>+</c>: came and not expected; a space: says more.</param>
/// <param name="Text">A row, or what is said.</param>
internal readonly record struct DiffLine(char Sign, string Text)
{
    public override string ToString() => $"{Sign} {Text}";
}

/// <summary>How a test file ended.</summary>
/// <param name="File">Its path as it was given.</param>
/// <param name="Cases">Its cases; none where it could not be read.</param>
/// <param name="Errors">Why it could not be read, each with its place.</param>
internal sealed record FileResult(string File, IReadOnlyList<CaseResult> Cases, IReadOnlyList<string> Errors);
