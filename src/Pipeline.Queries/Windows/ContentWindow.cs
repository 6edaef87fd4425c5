namespace Pipeline.Queries.Windows;

/// <summary>A window that closes: its group's kept events from one place to before another.</summary>
internal readonly record struct ContentWindow(long End, int Group, int From, int To);
