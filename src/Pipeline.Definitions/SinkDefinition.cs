namespace Pipeline.Definitions;

/// <summary>One sink as its file says it.</summary>
public sealed record SinkDefinition
{
    public required string Name { get; init; }

    public required TextPosition Position { get; init; }

    /// <summary>The stream or stage it reads.</summary>
    public required Located<string> From { get; init; }

    public required SinkTarget Target { get; init; }
}
