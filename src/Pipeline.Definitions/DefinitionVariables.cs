namespace Pipeline.Definitions;

/// <summary>
/// The variables that <c>${NAME}</c> may read. None but those the host allows: whoever may apply a definition need not
/// be told the host's secrets.
/// </summary>
public sealed class DefinitionVariables
{
    /// <summary>The setting that allows names: a comma list, each with a <c>*</c> at its end or without.</summary>
    public const string Setting = "Pipeline:Definitions:Variables";

    /// <summary>The host's own settings: no pattern allows them.</summary>
    private const string Own = "Pipeline__";

    private readonly IReadOnlyList<string> _allowed;
    private readonly Func<string, string?> _values;

    private DefinitionVariables(IReadOnlyList<string> allowed, Func<string, string?> values) =>
        (_allowed, _values) = (allowed, values);

    /// <summary>No variable may be read.</summary>
    public static DefinitionVariables None { get; } = new([], static _ => null);

    /// <summary>What a setting allows; <paramref name="values"/> returns null for a variable that is not set.</summary>
    public static DefinitionVariables Of(string? setting, Func<string, string?> values) => new(
        (setting ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), values);

    public bool Allows(string name) => !name.StartsWith(Own, StringComparison.OrdinalIgnoreCase)
        && _allowed.Any(pattern => pattern[^1] == '*'
            ? name.StartsWith(pattern[..^1], StringComparison.Ordinal)
            : name == pattern);

    /// <summary>The value of a variable; null where it is not set or not allowed.</summary>
    public string? Value(string name) => Allows(name) ? _values(name) : null;
}
