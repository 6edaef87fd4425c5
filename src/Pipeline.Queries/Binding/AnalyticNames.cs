using Pipeline.Queries.Analytics;
using Pipeline.Queries.Syntax;

namespace Pipeline.Queries.Binding;

/// <summary>The names of calls that look at earlier events.</summary>
internal static class AnalyticNames
{
    public static AnalyticKind? KindOf(string name) => name.ToUpperInvariant() switch
    {
        "LAG" => AnalyticKind.Lag,
        "LAST" => AnalyticKind.Last,
        "ISFIRST" => AnalyticKind.IsFirst,
        _ => null,
    };

    public static bool IsAnalytic(CallSyntax call) => call.Over is not null || KindOf(call.Name) is not null;
}
