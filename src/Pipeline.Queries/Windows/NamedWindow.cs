namespace Pipeline.Queries.Windows;

/// <summary>One window of GROUP BY, and what System.Window().Id says of it.</summary>
internal sealed record NamedWindow(WindowShape Shape, string? Id);
