namespace Pipeline.Runtime.Pipelines;

/// <summary>A definition to put into force.</summary>
public sealed record ApplyRequest
{
    /// <summary>The name in the request's path; null: the name in the text. Both must agree.</summary>
    public string? Name { get; init; }

    /// <summary>YAML, or JSON (which is read by the same rules).</summary>
    public required string Text { get; init; }

    /// <summary><c>application/yaml</c> or <c>application/json</c>; kept for GET.</summary>
    public string MediaType { get; init; } = "application/yaml";

    /// <summary>Only where the pipeline has this generation now, 0 for none; null: whatever it has.</summary>
    public long? IfGeneration { get; init; }

    /// <summary>
    /// Stages whose state may be dropped, as <see cref="StageChange"/> names them, beside those that the text names.
    /// </summary>
    public IReadOnlyList<string> Reset { get; init; } = [];

    /// <summary>The state of any stage may be dropped.</summary>
    public bool ResetAll { get; init; }

    /// <summary>
    /// The file in <c>pipelines/</c> it comes from: then it is applied only where its content differs from what was
    /// last applied from that file, so that changes made by API survive a restart.
    /// </summary>
    public string? FileName { get; init; }

    /// <summary>
    /// How long after it came it is answered although partitions do not serve yet; null: as the host is set.
    /// </summary>
    public TimeSpan? ServeWithin { get; init; }
}
