using Pipeline.Queries.Aggregates;

namespace Pipeline.Queries.Binding;

/// <summary>The aggregates' names, and those of the dialect's functions that are not built.</summary>
internal static class AggregateNames
{
    public static bool IsAggregate(string name) => KindOf(name) is not null;

    public static AggregateKind? KindOf(string name) => name.ToUpperInvariant() switch
    {
        "COUNT" => AggregateKind.Count,
        "SUM" => AggregateKind.Sum,
        "AVG" => AggregateKind.Avg,
        "MIN" => AggregateKind.Min,
        "MAX" => AggregateKind.Max,
        "STDEV" => AggregateKind.Stdev,
        "STDEVP" => AggregateKind.StdevP,
        "VAR" => AggregateKind.Var,
        "VARP" => AggregateKind.VarP,
        _ => null,
    };

    /// <summary>Why a known name cannot be used, or null.</summary>
    public static string? NotYet(string name)
    {
        switch (name.ToUpperInvariant())
        {
            case "SLIDINGWINDOW" or "SESSIONWINDOW" or "SNAPSHOTWINDOW" or "WINDOWS" or "LAG" or "LAST" or "ISFIRST"
                or "COLLECT" or "COLLECTTOP" or "TOPONE" or "PERCENTILE_CONT" or "PERCENTILE_DISC"
                or "GETMETADATAPROPERTYVALUE" or "GETARRAYELEMENTS" or "GETRECORDPROPERTIES" or "REGEXMATCH"
                or "PATINDEX" or "HASHBYTES" or "ANOMALYDETECTION_SPIKEANDDIP" or "ANOMALYDETECTION_CHANGEPOINT":
                return $"{name} is not supported yet";
            default:
                return name.StartsWith("udf.", StringComparison.OrdinalIgnoreCase)
                    || name.StartsWith("uda.", StringComparison.OrdinalIgnoreCase)
                    || name.StartsWith("udm.", StringComparison.OrdinalIgnoreCase)
                    ? $"{name}: user-defined functions are not supported; a stage in C# can do this"
                    : null;
        }
    }
}
