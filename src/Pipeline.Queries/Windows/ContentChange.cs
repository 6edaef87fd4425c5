namespace Pipeline.Queries.Windows;

/// <summary>
/// What becomes of a group: how many of its first events go, where a session was cut, what is due next.
/// </summary>
internal readonly record struct ContentChange(int Group, int Remove, (long At, long Last) Cut, long Due);
