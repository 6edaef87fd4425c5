namespace Pipeline.Queries.Analytics;

/// <summary>The numbers are part of the state's format.</summary>
internal enum AnalyticKind : byte
{
    Lag = 1,
    Last = 2,
    IsFirst = 3,
    Aggregate = 4,
}
