using Pipeline.Queries.Syntax;

namespace Pipeline.Queries.Binding;

/// <summary>What the language itself puts beside an event: with brackets behind it or without.</summary>
internal static class SystemNames
{
    private const string Timestamp = "System.Timestamp";
    private const string Window = "System.Window";

    public static bool IsTimestamp(string name) => name.Equals(Timestamp, StringComparison.OrdinalIgnoreCase);

    public static bool IsWindow(string name) => name.Equals(Window, StringComparison.OrdinalIgnoreCase);

    public static bool IsTimestamp(SyntaxNode node) => node switch
    {
        PathSyntax path => IsTimestamp(path.ToString()),
        CallSyntax call => IsTimestamp(call.Name) && call.Arguments.Count == 0 && !call.Star,
        _ => false,
    };
}
