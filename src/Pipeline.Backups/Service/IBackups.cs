using Pipeline.Backups.Places;

namespace Pipeline.Backups.Service;

/// <summary>The backups of a service. May be used from any thread.</summary>
public interface IBackups
{
    /// <summary>Begins one; Started has its id.</summary>
    ValueTask<BackupAnswer> StartAsync(CancellationToken cancellationToken);

    /// <summary>All backups, newest first.</summary>
    ValueTask<BackupAnswer> ListAsync(CancellationToken cancellationToken);

    /// <summary>One backup with its streams.</summary>
    ValueTask<BackupAnswer> GetAsync(string id, CancellationToken cancellationToken);
}

/// <summary>How a question about backups ended.</summary>
public enum BackupStatus
{
    /// <summary>The answer is there.</summary>
    Done,

    /// <summary>A backup has begun.</summary>
    Started,

    /// <summary>No setting says where backups go.</summary>
    NotConfigured,

    /// <summary>One is being made already.</summary>
    Busy,

    /// <summary>No backup has this id.</summary>
    NotFound,

    /// <summary>The place, or the process that makes them, does not answer now.</summary>
    Unavailable,
}

/// <summary>An answer about backups; goes through a cluster as JSON.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Detail">For people.</param>
public sealed record BackupAnswer(BackupStatus Status, string? Detail = null)
{
    /// <summary>The backup that began.</summary>
    public string? Id { get; init; }

    /// <summary>Where they go, without credentials.</summary>
    public string? To { get; init; }

    /// <summary>When they are made; null: when somebody asks.</summary>
    public string? Schedule { get; init; }

    /// <summary>Which are kept; null: all.</summary>
    public string? Keep { get; init; }

    /// <summary>The last restore that was rehearsed and went well.</summary>
    public BackupDrill? LastDrill { get; init; }

    public IReadOnlyList<BackupView> Backups { get; init; } = [];
}

/// <summary>A backup as it is shown.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">running, done or failed.</param>
/// <param name="Started">When it began.</param>
public sealed record BackupView(string Id, string State, DateTimeOffset? Started)
{
    public const string Running = "running";
    public const string Whole = "done";
    public const string Failed = "failed";

    /// <summary>All that was acknowledged before is in it.</summary>
    public DateTimeOffset? Cut { get; init; }

    public DateTimeOffset? Finished { get; init; }

    /// <summary>Bytes that it consists of.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes that no earlier backup had.</summary>
    public long NewBytes { get; init; }

    public long Events { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>Only where one is asked for.</summary>
    public IReadOnlyList<BackupStreamView> Streams { get; init; } = [];
}

/// <summary>A stream's cut.</summary>
public sealed record BackupStreamView(string Name, IReadOnlyList<BackupPartitionView> Partitions);

/// <summary>A partition's cut: its events from the first offset to the end, exclusive.</summary>
public sealed record BackupPartitionView(int Partition, long First, long End);
