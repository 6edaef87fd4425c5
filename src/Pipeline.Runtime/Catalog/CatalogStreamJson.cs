using Pipeline.Definitions;
using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Catalog;

/// <summary>A stream as the catalog's JSON has it; times in ticks.</summary>
internal sealed record CatalogStreamJson
{
    public long Id { get; init; }

    public string Name { get; init; } = "";

    public string Pipeline { get; init; } = "";

    public string? Stage { get; init; }

    public int Partitions { get; init; }

    public string? Key { get; init; }

    public string? Time { get; init; }

    public bool Spread { get; init; }

    public long? Retention { get; init; }

    public bool RetentionHard { get; init; }

    public long? Idle { get; init; }

    /// <summary>Null in older catalogs: then what is not the default was stated.</summary>
    public bool? IdleStated { get; init; }

    public long MaxAhead { get; init; }

    public int MaxEvent { get; init; }

    public int MaxRequest { get; init; }

    public int Window { get; init; }

    /// <summary>The name of the hash; null where it is the first, which older catalogs do not name.</summary>
    public string? KeyHash { get; init; }

    public List<CatalogGap> Gaps { get; init; } = [];

    public static CatalogStreamJson From(CatalogStream stream)
    {
        var definition = stream.Definition;
        return new CatalogStreamJson
        {
            Id = stream.Id,
            Name = definition.Name.Value,
            Pipeline = definition.Pipeline,
            Stage = definition.Stage,
            Partitions = definition.Partitions,
            Key = definition.Key,
            Time = definition.Time,
            Spread = definition.MissingKey == MissingKey.Spread,
            Retention = definition.Retention?.Ticks,
            RetentionHard = definition.IsRetentionHard,
            Idle = definition.Idle?.Ticks,
            IdleStated = definition.IsIdleStated,
            MaxAhead = definition.MaxAhead.Ticks,
            MaxEvent = definition.MaxEventBytes,
            MaxRequest = definition.MaxRequestBytes,
            Window = definition.DeduplicationWindow,
            KeyHash = definition.KeyHash == Kernel.Identity.KeyHash.ByText ? null : KeyHashName.Of(definition.KeyHash),
            Gaps = [.. stream.Gaps],
        };
    }

    public CatalogStream ToStream() => new(Id, new StreamDefinition
    {
        Name = new StreamName(Name),
        Pipeline = Pipeline,
        Stage = Stage,
        Partitions = Partitions,
        Key = Key,
        Time = Time,
        MissingKey = Spread ? MissingKey.Spread : MissingKey.Refuse,
        Retention = Retention is { } retention ? new TimeSpan(retention) : null,
        IsRetentionHard = RetentionHard,
        Idle = Idle is { } idle ? new TimeSpan(idle) : null,
        IsIdleStated = IdleStated ?? Idle != StreamDefinition.DefaultIdle.Ticks,
        MaxAhead = new TimeSpan(MaxAhead),
        MaxEventBytes = MaxEvent,
        MaxRequestBytes = MaxRequest,
        DeduplicationWindow = Window,
        KeyHash = Hash(),
    })
    {
        Gaps = Gaps,
    };

    private KeyHash Hash() => KeyHashName.TryParse(KeyHash ?? KeySlot.HashName, out var hash)
        ? hash
        : throw new InvalidDataException(
            $"stream '{Name}' places keys by '{KeyHash}', which this program does not know");
}
