namespace Pipeline.Definitions;

/// <summary>A place in a definition's text; line and column count from 1.</summary>
public readonly record struct TextPosition(int Line, int Column)
{
    public static TextPosition Start => new(1, 1);
}
