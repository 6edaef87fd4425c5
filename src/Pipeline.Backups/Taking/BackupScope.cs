using Pipeline.Kernel.Identity;

namespace Pipeline.Backups.Taking;

/// <summary>What belongs to a backup, as a catalog says.</summary>
/// <param name="Deployment">The catalog's id.</param>
/// <param name="Logs">All logs; one that is written from another stands before it.</param>
/// <param name="Readers">All checkpoints.</param>
public sealed record BackupScope(
    string Deployment, IReadOnlyList<BackupScopeLog> Logs, IReadOnlyList<BackupScopeReader> Readers);

/// <summary>A log.</summary>
/// <param name="Log">Its number.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="IsHard">Whether events go that readers still need.</param>
public sealed record BackupScopeLog(LogId Log, StreamName Stream, bool IsHard);

/// <summary>A stage or sink instance.</summary>
/// <param name="Register">Its checkpoint.</param>
/// <param name="Input">What it reads.</param>
public sealed record BackupScopeReader(BlobName Register, LogId Input);

/// <summary>Reads what belongs to a backup out of the catalog: whoever has the catalog knows how.</summary>
public interface IBackupScopes
{
    /// <summary>The register of the catalog.</summary>
    BlobName Catalog { get; }

    /// <exception cref="InvalidDataException">Another program's catalog.</exception>
    BackupScope Read(ReadOnlySpan<byte> catalog);
}
