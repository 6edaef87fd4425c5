using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Engine;

/// <summary>What a request is about to show or to use: no more than that need be up to date.</summary>
public readonly record struct EngineQuestion
{
    /// <summary>Which streams there are.</summary>
    public static readonly EngineQuestion Catalog;

    /// <summary>The stream whose partitions are shown; null: of none.</summary>
    public StreamName? Stream { get; private init; }

    /// <summary>Whether the status of pipelines is shown.</summary>
    public bool HasPipelines { get; private init; }

    /// <summary>The one pipeline that is shown; null: all, or none.</summary>
    public string? Pipeline { get; private init; }

    /// <summary>A stream, and how its partitions are.</summary>
    public static EngineQuestion OfStream(StreamName stream) => new() { Stream = stream };

    /// <summary>A pipeline's status; null: that of all.</summary>
    public static EngineQuestion OfPipelines(string? name) => new() { HasPipelines = true, Pipeline = name };
}
