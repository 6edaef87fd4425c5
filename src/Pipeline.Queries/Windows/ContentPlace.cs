namespace Pipeline.Queries.Windows;

/// <summary>Whether an event counts in a window that is open, and whether one is closed that it belongs to.</summary>
internal readonly record struct ContentPlace(bool Counts, bool IsLate);
