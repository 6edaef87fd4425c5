namespace Pipeline.Runtime.Catalog;

/// <summary>How a change of the catalog ended.</summary>
/// <param name="State">The catalog after it.</param>
/// <param name="IsDone">Whether it is what the change made; false: it was left as it was.</param>
/// <param name="IsOvertaken">Another keeper has claimed the catalog: this one changes nothing any more.</param>
public sealed record CatalogChange(CatalogState State, bool IsDone, bool IsOvertaken);
