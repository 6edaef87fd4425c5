namespace Pipeline.Definitions.Planning;

/// <summary>How records are spread: by the value of a path in them, over so many partitions.</summary>
/// <param name="KeyPath">Null: by nothing a query could name.</param>
/// <param name="Partitions">How many.</param>
internal sealed record Partitioning(string? KeyPath, int Partitions)
{
    /// <summary>Whether all records that agree in all these paths lie in one partition.</summary>
    public bool Gathers(IReadOnlyList<string> paths) =>
        Partitions == 1 || (KeyPath is not null && paths.Contains(KeyPath, StringComparer.OrdinalIgnoreCase));
}
