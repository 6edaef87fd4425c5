namespace Pipeline.Definitions;

/// <summary>Which table of PostgreSQL a sink writes to, and how.</summary>
public sealed record PostgresSinkDefinition : SinkTarget
{
    /// <summary>Characters of a column's or table's name: PostgreSQL keeps 63 bytes.</summary>
    public const int LongestName = 63;

    public override string Kind => "postgres";

    public override string Signature => $"{Table}|{string.Join(',', Key)}";

    public override bool Refuses => true;

    /// <summary>The connection string, as <c>Host=…;Database=…;Username=…;Password=…</c>: never shown.</summary>
    public required string Connection { get; init; }

    /// <summary>The string as the text has it, with <c>${NAME}</c> instead of values: what may be shown.</summary>
    public string? WrittenConnection { get; init; }

    /// <summary>Where the connection stands.</summary>
    public TextPosition ConnectionPosition { get; init; } = TextPosition.Start;

    /// <summary>The table, with its schema before a dot or without.</summary>
    public required string Table { get; init; }

    /// <summary>Columns by which a row takes the place of an older one; none: every event is a new row.</summary>
    public IReadOnlyList<string> Key { get; init; } = [];
}
