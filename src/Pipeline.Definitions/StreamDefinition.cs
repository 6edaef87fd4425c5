using Pipeline.Kernel.Identity;

namespace Pipeline.Definitions;

/// <summary>What a stream was declared to be; immutable, replaced whole when a definition changes it.</summary>
public sealed record StreamDefinition
{
    public const int DefaultPartitions = 4;
    public const int MaxPartitions = 1024;
    public const int DefaultMaxEventBytes = 1 << 20;
    public const int DefaultMaxRequestBytes = 32 << 20;
    public const int DefaultDeduplicationWindow = 100_000;

    public static readonly TimeSpan DefaultIdle = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan DefaultMaxAhead = TimeSpan.FromMinutes(5);

    public required StreamName Name { get; init; }

    public int Partitions { get; init; } = DefaultPartitions;

    /// <summary>Dotted path of the key in an event; null: events are spread.</summary>
    public string? Key { get; init; }

    /// <summary>How keys find their partitions; fixed when the stream is made.</summary>
    public KeyHash KeyHash { get; init; } = KeyHash.ByValue;

    /// <summary>Dotted path of the event time; null: the time of acceptance.</summary>
    public string? Time { get; init; }

    public MissingKey MissingKey { get; init; }

    /// <summary>How long events are kept; null: for ever.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>Whether retention also passes cursors that have not read yet.</summary>
    public bool IsRetentionHard { get; init; }

    /// <summary>
    /// After so long without input a partition's event time goes on by itself, with the others' where they have some,
    /// else with the clock; null: never.
    /// </summary>
    public TimeSpan? Idle { get; init; } = DefaultIdle;

    /// <summary>
    /// Whether the definition says <see cref="Idle"/>: then time goes on whatever the events' times are, else only
    /// where they are about those of their acceptance.
    /// </summary>
    public bool IsIdleStated { get; init; }

    /// <summary>How far an event's time may lie after its acceptance.</summary>
    public TimeSpan MaxAhead { get; init; } = DefaultMaxAhead;

    /// <summary>Largest event, in bytes of its value.</summary>
    public int MaxEventBytes { get; init; } = DefaultMaxEventBytes;

    /// <summary>Largest request, in decompressed bytes.</summary>
    public int MaxRequestBytes { get; init; } = DefaultMaxRequestBytes;

    /// <summary>
    /// Handles kept for deduplication, a partition; from the default on also those of the last minute.
    /// </summary>
    public int DeduplicationWindow { get; init; } = DefaultDeduplicationWindow;

    /// <summary>The pipeline whose definition declares the stream, or whose stage writes it.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The stage that writes it ("late" and dead-letter streams too); null: an ingest stream.</summary>
    public string? Stage { get; init; }

    /// <summary>Whether clients may post to it: only a stage writes its outputs.</summary>
    public bool IsIngest => Stage is null;
}
