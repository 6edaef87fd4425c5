using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Pipeline.Http.Problems;
using Pipeline.Http.Text;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Http.Events;

/// <summary>What a GET of events asks for.</summary>
internal sealed record ReadQuery
{
    public const int DefaultMax = 1000;
    public const int LargestMax = 100_000;

    private const int MaxWaitSeconds = 60;

    /// <summary>Null: all partitions.</summary>
    public int? Partition { get; init; }

    public int Max { get; init; } = DefaultMax;

    public bool IsLatest { get; init; }

    /// <summary>With a partition only.</summary>
    public long? Offset { get; init; }

    /// <summary>Time of acceptance, in ticks.</summary>
    public long? Time { get; init; }

    /// <summary>Only the events of this key; null: all.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>From where this consumer has come to; null: none is named.</summary>
    public string? Consumer { get; init; }

    /// <summary>By partition, where that consumer has come to.</summary>
    public IReadOnlyList<long>? Offsets { get; init; }

    /// <summary>How long to wait where there is nothing; of a consumer alone.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>The id of the trace goes with each event.</summary>
    public bool WithTrace { get; init; }

    public static Problem? TryRead(IQueryCollection query, int partitions, out ReadQuery read)
    {
        read = new ReadQuery { WithTrace = query["trace"] == "true" };
        if (query["partition"].ToString() is { Length: > 0 } partition)
        {
            if (!int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number >= partitions)
            {
                return Problem.Malformed($"partition must be a number from 0 to {partitions - 1}, not '{partition}'.");
            }

            read = read with { Partition = number };
        }

        if (query["max"].ToString() is { Length: > 0 } max)
        {
            if (!int.TryParse(max, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                || number is < 1 or > LargestMax)
            {
                return Problem.Malformed($"max must be a number from 1 to {LargestMax}, not '{max}'.");
            }

            read = read with { Max = number };
        }

        return TryReadFrom(query["from"].ToString(), ref read)
            ?? TryReadKey(query["key"].ToString(), ref read) ?? TryReadConsumer(query, ref read);
    }

    /// <summary>The offset to begin with in a partition; null where nobody can say it now.</summary>
    public async ValueTask<LogOffset?> StartAsync(IPartition partition, CancellationToken cancellationToken)
    {
        if ((Offset ?? Offsets?[partition.Id.Index]) is { } offset)
        {
            return new LogOffset(offset);
        }

        if (partition.Status is not { IsServing: true } status)
        {
            return null;
        }

        return Time is { } time ? await FindAsync(partition, time, cancellationToken)
            : IsLatest ? status.Committed : status.First;
    }

    private static async ValueTask<LogOffset?> FindAsync(
        IPartition partition, long time, CancellationToken cancellationToken)
    {
        try
        {
            return await partition.FindAsync(time, cancellationToken);
        }
        catch (Exception fault) when (fault is TimeoutException or IOException)
        {
            return null;
        }
    }

    private static Problem? TryReadKey(string key, ref ReadQuery read)
    {
        read = read with { Key = key.Length == 0 ? null : (ReadOnlyMemory<byte>?)Encoding.UTF8.GetBytes(key) };
        return key.Length <= RecordCodec.MaxKeyLength ? null
            : Problem.Malformed($"A key has at most {RecordCodec.MaxKeyLength} bytes.");
    }

    private static Problem? TryReadConsumer(IQueryCollection query, ref ReadQuery read)
    {
        var name = query["consumer"].ToString();
        var wait = query["wait"].ToString();
        if (name.Length == 0)
        {
            return wait.Length == 0
                ? null
                : Problem.Malformed("wait needs a consumer; text/event-stream goes on by itself.");
        }

        if (query["from"].ToString().Length > 0 || read.Key is not null)
        {
            return Problem.Malformed("A consumer says from where to read, and reads all keys: leave from and key out.");
        }

        if (!TryReadWait(wait, out var duration))
        {
            return Problem.Malformed(
                $"wait must be a whole number of seconds up to {MaxWaitSeconds}s, as 30s, not '{wait}'.");
        }

        read = read with { Consumer = name, Wait = duration };
        return null;
    }

    private static bool TryReadWait(string wait, out TimeSpan duration)
    {
        var isNumber = int.TryParse(
            wait.AsSpan().TrimEnd('s'), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds);
        duration = TimeSpan.FromSeconds(isNumber ? Math.Min(seconds, MaxWaitSeconds) : 0);
        return wait.Length == 0 || (isNumber && wait[^1] == 's' && wait[^2] != 's' && seconds <= MaxWaitSeconds);
    }

    /// <summary>Where to begin, as text says it.</summary>
    public static Problem? TryReadFrom(string from, ref ReadQuery read)
    {
        if (from is "" or "earliest")
        {
            return null;
        }

        if (from == "latest")
        {
            read = read with { IsLatest = true };
            return null;
        }

        if (long.TryParse(from, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
        {
            read = read with { Offset = offset };
            return read.Partition is null ? Problem.Malformed("from an offset needs a partition.") : null;
        }

        if (UtcTime.TryParse(from, out var ticks))
        {
            read = read with { Time = ticks };
            return null;
        }

        return Problem.Malformed($"from must be earliest, latest, an offset or an ISO 8601 time, not '{from}'.");
    }
}
