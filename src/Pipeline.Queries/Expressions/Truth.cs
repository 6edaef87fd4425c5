namespace Pipeline.Queries.Expressions;

/// <summary>The three values of a condition.</summary>
internal enum Truth
{
    False,
    True,
    Unknown,
}
