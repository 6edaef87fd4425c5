namespace Pipeline.Queries.Aggregates;

/// <summary>The numbers are part of the state's format.</summary>
internal enum AggregateKind : byte
{
    CountRows = 1,
    Count = 2,
    CountDistinct = 3,
    Sum = 4,
    Avg = 5,
    Min = 6,
    Max = 7,
    Stdev = 8,
    StdevP = 9,
    Var = 10,
    VarP = 11,
    TopOne = 12,
    CollectTop = 13,
    Collect = 14,
    PercentileCont = 15,
    PercentileDisc = 16,
}
