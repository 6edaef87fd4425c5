using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Catalog;

/// <summary>
/// A log that came out of a backup: from its end on it has other events than the one that was backed up may have had.
/// </summary>
/// <param name="Log">The log.</param>
/// <param name="End">Where it ended in the backup.</param>
/// <param name="History">Drawn by the restore: tells its events from those of any other.</param>
public sealed record CatalogRestoredLog(LogId Log, long End, string History);
