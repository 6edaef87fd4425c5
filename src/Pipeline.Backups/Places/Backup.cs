namespace Pipeline.Backups.Places;

/// <summary>
/// A whole backup, as <c>backups/{id}</c> says it (JSON): all registers and logs as they were at one cut. The bytes lie
/// in pieces under <c>data/</c>, named by their SHA-256, which backups share. See docs/backups.md.
/// </summary>
public sealed record Backup
{
    public const int CurrentFormat = 1;

    /// <summary>What a program must know to read it.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Its name: the time of its begin and some chance, so that names sort by time.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the catalog, which no other deployment has.</summary>
    public required string Deployment { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>All that was acknowledged before is in it.</summary>
    public required DateTimeOffset Cut { get; init; }

    public required DateTimeOffset Finished { get; init; }

    /// <summary>Bytes that it consists of.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes that no earlier backup had.</summary>
    public required long NewBytes { get; init; }

    public required long Events { get; init; }

    /// <summary>All registers but the list of stores and those of the logs, by name.</summary>
    public required IReadOnlyList<BackupRegister> Registers { get; init; }

    /// <summary>States of stages that are too large for their registers, by name.</summary>
    public required IReadOnlyList<BackupBlob> Blobs { get; init; }

    public required IReadOnlyList<BackupLog> Logs { get; init; }

    /// <summary>Of every piece that it needs.</summary>
    public IEnumerable<BackupPiece> Pieces() => Blobs.SelectMany(static blob => blob.Pieces)
        .Concat(Logs.SelectMany(static log => log.Indexes).SelectMany(static blob => blob.Pieces))
        .Concat(Logs.SelectMany(static log => log.Segments).SelectMany(static segment => segment.Pieces));
}

/// <summary>A register's value.</summary>
public sealed record BackupRegister(string Name, byte[] Value);

/// <summary>An immutable blob.</summary>
public sealed record BackupBlob(string Name, IReadOnlyList<BackupPiece> Pieces);

/// <summary>One partition of a stream.</summary>
/// <param name="Log">Its number on the stores: <c>stream/partition</c>.</param>
/// <param name="Stream">The stream's name.</param>
/// <param name="Partition">The partition.</param>
/// <param name="First">The first offset.</param>
/// <param name="End">The offset after the last event.</param>
/// <param name="Manifest">The value of the log's register.</param>
/// <param name="Indexes">Its lists of older segments.</param>
/// <param name="Segments">Oldest first; the last one may be open.</param>
public sealed record BackupLog(
    string Log,
    string Stream,
    int Partition,
    long First,
    long End,
    byte[] Manifest,
    IReadOnlyList<BackupBlob> Indexes,
    IReadOnlyList<BackupSegment> Segments);

/// <summary>A segment's frames.</summary>
/// <param name="Id">Epoch and number.</param>
/// <param name="IsOpen">Whether it was being written.</param>
/// <param name="Bytes">All frames.</param>
/// <param name="Hash">SHA-256 of them.</param>
/// <param name="Pieces">In order.</param>
public sealed record BackupSegment(
    string Id, bool IsOpen, long Bytes, string Hash, IReadOnlyList<BackupPiece> Pieces);

/// <summary>Some bytes, under <c>data/{hash}</c>.</summary>
public sealed record BackupPiece(string Hash, int Bytes);
