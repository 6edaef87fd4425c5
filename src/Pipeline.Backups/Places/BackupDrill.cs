namespace Pipeline.Backups.Places;

/// <summary>A rehearsal of a restore.</summary>
/// <param name="Time">When it ended.</param>
/// <param name="Backup">Of which backup.</param>
/// <param name="IsOk">Whether all was right.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record BackupDrill(DateTimeOffset Time, string Backup, bool IsOk, double Seconds);
