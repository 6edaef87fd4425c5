namespace Pipeline.Definitions;

/// <summary>One pipeline as its file says it: well formed, not yet checked against other pipelines.</summary>
public sealed record PipelineDefinition
{
    public required string Name { get; init; }

    public required TextPosition NamePosition { get; init; }

    /// <summary>
    /// Stages whose state may be dropped when the definition takes another one's place. A name may be of a stage that
    /// the other one has, so that it is not checked here.
    /// </summary>
    public IReadOnlyList<Located<string>> Reset { get; init; } = [];

    public IReadOnlyList<DeclaredStream> Streams { get; init; } = [];

    public IReadOnlyList<StageDefinition> Stages { get; init; } = [];

    public IReadOnlyList<SinkDefinition> Sinks { get; init; } = [];
}

/// <summary>A stream that the file declares.</summary>
/// <param name="Stream">What it is declared to be.</param>
/// <param name="Position">Where its name stands.</param>
/// <param name="PartitionsPosition">Where its number of partitions stands, or its name.</param>
public sealed record DeclaredStream(StreamDefinition Stream, TextPosition Position, TextPosition PartitionsPosition);
