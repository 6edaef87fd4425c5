namespace Pipeline.Definitions.Planning;

/// <summary>One stage or sink of the graph.</summary>
/// <param name="Name">As in the definition; an exchange is named <c>{stage}.exchange</c>.</param>
/// <param name="Kind">query, code, exchange, union, files, blob, postgres or webhook.</param>
/// <param name="From">The stream or stage it reads; of a union its first query, <c>{stage}.from.{source}</c>.</param>
/// <param name="Group">The stage instance group it runs in: fused stages share one, named after its first
/// stage.</param>
/// <param name="Stream">The stream it writes; null where it is fused and nothing else reads it.</param>
public sealed record StageGraphNode(string Name, string Kind, string From, string Group, string? Stream)
{
    /// <summary>The other queries of a union.</summary>
    public IReadOnlyList<string> Further { get; init; } = [];

    /// <summary>Whether its stream is there for the stage behind it alone, as an exchange's.</summary>
    public bool IsInner { get; init; }
}
