namespace Pipeline.Cli.Sending;

/// <summary>What to send, and how fast.</summary>
internal sealed record SendOptions
{
    public required Uri Url { get; init; }

    /// <summary>A key or token of the service; null: none.</summary>
    public string? Key { get; init; }

    public required string Stream { get; init; }

    /// <summary>NDJSON files; none: generated readings.</summary>
    public IReadOnlyList<FileInfo> Files { get; init; } = [];

    /// <summary>Events per second; 0: as fast as it goes.</summary>
    public double Rate { get; init; }

    /// <summary>Generated readings: how many; 0: until <see cref="Seconds"/> are over.</summary>
    public long Events { get; init; }

    public double Seconds { get; init; }

    /// <summary>Events in a request.</summary>
    public int Batch { get; init; }

    /// <summary>Names what is sent: under the same name the same requests are not written again.</summary>
    public string? Id { get; init; }

    /// <summary>Requests at a time; with more than one what is sent later may be written earlier.</summary>
    public int InFlight { get; init; }

    public int Devices { get; init; }

    public int Seed { get; init; }
}
