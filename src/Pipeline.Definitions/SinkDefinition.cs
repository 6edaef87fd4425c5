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

/// <summary>Where and how a file sink writes.</summary>
public sealed record FileSinkDefinition : SinkTarget
{
    public const long DefaultRollBytes = 64L << 20;

    public static readonly TimeSpan DefaultRollEvery = TimeSpan.FromSeconds(10);

    public override string Kind => "files";

    public override string Signature => Path;

    /// <summary>Directory of the files; relative ones start at the data directory.</summary>
    public required string Path { get; init; }

    /// <summary>The path as the text has it, with <c>${NAME}</c> instead of values: what may be shown.</summary>
    public string? WrittenPath { get; init; }

    /// <summary>Where the path stands.</summary>
    public TextPosition PathPosition { get; init; } = TextPosition.Start;

    /// <summary>A file is published when it has this many bytes …</summary>
    public long RollBytes { get; init; } = DefaultRollBytes;

    /// <summary>… or when its first event has waited this long.</summary>
    public TimeSpan RollEvery { get; init; } = DefaultRollEvery;
}
