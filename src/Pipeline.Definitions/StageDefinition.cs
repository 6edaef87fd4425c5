namespace Pipeline.Definitions;

/// <summary>One stage as its file says it.</summary>
public sealed record StageDefinition
{
    public required string Name { get; init; }

    public required TextPosition Position { get; init; }

    /// <summary>The query's text and where it stands; null for a C# stage.</summary>
    public QueryText? Query { get; init; }

    /// <summary>Further queries whose results are its outputs too, behind UNION.</summary>
    public IReadOnlyList<QueryText> Union { get; init; } = [];

    /// <summary>Names that its queries may read before all others, and the stages they stand for.</summary>
    public IReadOnlyDictionary<string, string> Steps { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it is a step of WITH: nothing of it runs while nothing reads it.</summary>
    public bool IsStep { get; init; }

    /// <summary>Whether its query stands in the pipeline's own: the entry says the rest.</summary>
    public bool IsOfPipeline { get; init; }

    /// <summary>The C# stage's type; null for a query.</summary>
    public Located<string>? Code { get; init; }

    /// <summary>What it reads; for a query, the name after FROM is used where this is null.</summary>
    public Located<string>? From { get; init; }

    /// <summary>Column (or dotted path) of the output's key; null: outputs keep their input's key.</summary>
    public Located<string>? Key { get; init; }

    /// <summary>Partitions of its output; null: as many as its input.</summary>
    public Located<int>? Partitions { get; init; }

    public TimeSpan Lateness { get; init; }

    /// <summary>Whether its query converts nothing but by CAST (<c>strict: true</c>).</summary>
    public bool IsStrict { get; init; }

    /// <summary>Whether its output is kept as a stream in any case.</summary>
    public bool Materialize { get; init; }

    /// <summary>Whether an event it cannot process stops it (<c>onError: stop</c>).</summary>
    public bool StopsOnError { get; init; }

    /// <summary>Settings for a C# stage (<c>with:</c>).</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Settings in which variables stand, as the text has them: what may be shown.</summary>
    public IReadOnlyDictionary<string, string> WrittenSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>A message with <c>${NAME}</c> in the place of settings that come from variables.</summary>
    public string Shown(string message) => WrittenSettings.Aggregate(
        message, (text, written) => text.Replace(Settings[written.Key], written.Value, StringComparison.Ordinal));
}

/// <summary>A value and where it stands.</summary>
public sealed record Located<T>(T Value, TextPosition Position)
{
    /// <summary>As the text has it, with <c>${NAME}</c> instead of values; null: as the value.</summary>
    public string? Written { get; init; }

    /// <summary>The values of the variables in it: not to be shown.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];
}
