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
        "TOPONE" => AggregateKind.TopOne,
        "COLLECTTOP" => AggregateKind.CollectTop,
        "COLLECT" => AggregateKind.Collect,
        "PERCENTILE_CONT" => AggregateKind.PercentileCont,
        "PERCENTILE_DISC" => AggregateKind.PercentileDisc,
        _ => null,
    };

    /// <summary>Why a known name cannot be used, or null.</summary>
    public static string? NotYet(string name)
    {
        switch (name.ToUpperInvariant())
        {
            case "GETARRAYELEMENTS" or "GETRECORDPROPERTIES":
                return $"{name} belongs behind FROM: CROSS APPLY {name}(x) AS name";
            case "SNAPSHOTWINDOW":
                return "SnapshotWindow is written System.Timestamp()";
            case "CREATEPOINT" or "CREATELINESTRING" or "CREATEPOLYGON" or "ST_DISTANCE" or "ST_INTERSECTS"
                or "ST_OVERLAPS" or "ST_WITHIN":
                return $"{name}: geospatial functions are not supported yet; a stage in C# can compute them";
            case "GETMETADATAPROPERTYVALUE" or "HASHBYTES"
                or "ANOMALYDETECTION_SPIKEANDDIP" or "ANOMALYDETECTION_CHANGEPOINT":
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
