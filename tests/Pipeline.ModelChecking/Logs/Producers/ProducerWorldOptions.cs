using Pipeline.Kernel.Logs;

namespace Pipeline.ModelChecking.Logs.Producers;

/// <summary>What happens in a world of one producer, and how often at most.</summary>
internal sealed record ProducerWorldOptions
{
    /// <summary>The partitions that each of the producer's requests has events for; the home is partition 0.</summary>
    public required int[][] Requests { get; init; }

    public int Partitions => Requests.Max(static partitions => partitions.Max()) + 1;

    /// <summary>How often the producer sends, any number it has reached, in all.</summary>
    public required int Sends { get; init; }

    /// <summary>How often another client's handle comes to a partition and pushes others out of its window.</summary>
    public required int Others { get; init; }

    /// <summary>How often a partition rolls to a new segment and is rebuilt from its state.</summary>
    public int Rebuilds { get; init; }

    public LogFlaws Flaws { get; init; }

    public LogOptions Log { get; } = new() { WindowHandles = 2, WindowTicks = 0 };

    public override string ToString() =>
        $"requests to {string.Join(' ', Requests.Select(static partitions => string.Join('+', partitions)))}, "
        + $"{Sends} sends, {Others} handles of others, {Rebuilds} rebuilds"
        + (Flaws == LogFlaws.None ? "" : $", flaw {Flaws}");
}
