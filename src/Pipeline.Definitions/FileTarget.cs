namespace Pipeline.Definitions;

/// <summary>Files of lines, published whole, wherever they lie.</summary>
public abstract record FileTarget : SinkTarget
{
    public const long DefaultRollBytes = 64L << 20;

    public static readonly TimeSpan DefaultRollEvery = TimeSpan.FromSeconds(10);

    /// <summary>Directory of the files.</summary>
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

/// <summary>Files of a directory; relative paths start at the data directory.</summary>
public sealed record FileSinkDefinition : FileTarget
{
    public override string Kind => "files";

    public override string Signature => Path;
}

/// <summary>Block blobs of a container.</summary>
public sealed record BlobSinkDefinition : FileTarget
{
    public override string Kind => "blob";

    public override string Signature => $"{WrittenContainer ?? Container}|{Path}";

    /// <summary>The container's URL, or a connection string with <c>;Container=name</c>: never shown.</summary>
    public required string Container { get; init; }

    /// <summary>The container as the text has it, with <c>${NAME}</c> instead of values: what may be shown.</summary>
    public string? WrittenContainer { get; init; }

    /// <summary>Where the container stands.</summary>
    public TextPosition ContainerPosition { get; init; } = TextPosition.Start;
}
