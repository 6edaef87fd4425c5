namespace Pipeline.Definitions;

/// <summary>One mistake in a definition; line and column count from 1.</summary>
public sealed record DefinitionError(int Line, int Column, string Message)
{
    public override string ToString() => $"{Line}:{Column}: {Message}";
}
