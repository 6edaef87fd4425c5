namespace Pipeline.Backups;

/// <summary>Rules that a test leaves out: whoever searches must find what comes of it.</summary>
[Flags]
public enum BackupFlaws
{
    None = 0,

    /// <summary>Logs are read before the checkpoints.</summary>
    LogsFirst = 1,

    /// <summary>A log is read before those that are written from it.</summary>
    InputsFirst = 2,

    /// <summary>The catalog may change meanwhile.</summary>
    AnyCatalog = 4,

    /// <summary>A log may begin behind a checkpoint, or end before it.</summary>
    AnyCursor = 8,
}
