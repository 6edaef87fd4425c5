namespace Pipeline.Queries.Compilation;

/// <summary>What the definition says beside the query's text.</summary>
public sealed record QueryOptions
{
    /// <summary>
    /// The output column (or dotted path) whose value is the output's key; null: outputs have the input's key.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>
    /// Whether a result without a key (NULL, missing, a record or an array) goes out with an empty one, as the NULL
    /// group of an exchange must; else it is an error of the event.
    /// </summary>
    public bool IsKeyOptional { get; init; }

    /// <summary>
    /// The largest result, in bytes of JSON (the output stream's maxEvent); an event whose result is larger is
    /// rejected.
    /// </summary>
    public int MostResultBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Whether a text beside a number, or a number where a text belongs, is an error instead of being converted.
    /// </summary>
    public bool IsStrict { get; init; }

    /// <summary>How long after a window's end events still count.</summary>
    public TimeSpan Lateness { get; init; }

    /// <summary>
    /// Names that FROM may use, with the columns known of each (null: any column, as in a raw stream).
    /// </summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>?> Sources { get; init; }
}
