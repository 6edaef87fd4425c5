namespace Pipeline.Backups;

/// <summary>Why a backup could not be made, read or restored; the message says what to do.</summary>
public sealed class BackupException(string message) : IOException(message);
