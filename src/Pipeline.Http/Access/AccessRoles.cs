namespace Pipeline.Http.Access;

/// <summary>
/// What a caller may do. Each operation needs one of these; "producer:readings" is the role for that stream alone.
/// </summary>
public static class AccessRoles
{
    /// <summary>Appends events and watermarks.</summary>
    public const string Producer = "producer";

    /// <summary>Reads streams, events, pipelines and metrics.</summary>
    public const string Reader = "reader";

    /// <summary>Applies, pauses and deletes pipelines.</summary>
    public const string Operator = "operator";

    /// <summary>What is wrong with the text of a role, or null.</summary>
    internal static string? Error(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var role = colon < 0 ? text : text[..colon];
        return role switch
        {
            Operator when colon >= 0 => "the role operator cannot be limited to a stream",
            Producer or Reader when colon == text.Length - 1 => $"'{text}' names no stream",
            Producer or Reader or Operator => null,
            _ => $"'{text}' is no role: there are producer, reader and operator, and producer:<stream> or "
                + "reader:<stream> for one stream alone",
        };
    }
}
