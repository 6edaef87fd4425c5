namespace Pipeline.Definitions.Cases;

/// <summary>How much one test file may hold.</summary>
public static class CaseLimits
{
    public const int Cases = 1_000;

    /// <summary>Events and expected rows of all cases together, each.</summary>
    public const int Rows = 100_000;

    /// <summary>Entries of one case's <c>given</c>.</summary>
    public const int Steps = 10_000;

    /// <summary>Values of any kind, names included.</summary>
    public const int Nodes = 2_000_000;
}
