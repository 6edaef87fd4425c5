using System.Text.Json;
using Pipeline.Replication.Records;

namespace Pipeline.Runtime.Consumers;

/// <summary>
/// The named consumers of streams, on a majority of the stores. A consumer exists while the index names it; what it has
/// done is a record of its own, so that consumers do not wait for each other. Invariants:
/// <list type="bullet">
/// <item>Offsets never go back unless that is asked for.</item>
/// <item>A commit that was answered is found by whoever reads after it, whichever process.</item>
/// </list>
/// </summary>
/// <param name="records">Where they are kept.</param>
public sealed class ConsumerStore(IRecords records)
{
    /// <summary>Consumers of a stream.</summary>
    public const int MaxOfStream = 100;

    /// <summary>Consumers of all streams.</summary>
    public const int MaxInAll = 1_000;

    /// <summary>Where somebody else changes the same record it is tried again, so often at most.</summary>
    private const int Tries = 30;

    private static readonly ConsumerOutcome Unavailable = new(ConsumerStatus.Unavailable);

    /// <summary>A stream's consumers, by name; null: no majority answers.</summary>
    public async ValueTask<IReadOnlyList<Consumer>?> ListAsync(long stream, CancellationToken cancellationToken)
    {
        if (await ReadIndexAsync(cancellationToken) is not { Index: var index })
        {
            return null;
        }

        var found = new List<Consumer>();
        foreach (var (name, created) in index.Of(stream).OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            var read = await records.ReadAsync(NameOf(stream, name, created), cancellationToken);
            if (read.Status != RecordStatus.Done)
            {
                return null;
            }

            // One without a record was deleted in between.
            found.AddRange(read.Value is { } json ? [Read(json)] : []);
        }

        return found;
    }

    /// <summary>The consumers of all streams that have some; null: no majority answers.</summary>
    public async ValueTask<IReadOnlyList<(long Stream, Consumer Consumer)>?> ListAllAsync(
        CancellationToken cancellationToken)
    {
        if (await StreamsAsync(cancellationToken) is not { } streams)
        {
            return null;
        }

        var found = new List<(long, Consumer)>();
        foreach (var stream in streams)
        {
            if (await ListAsync(stream, cancellationToken) is not { } consumers)
            {
                return null;
            }

            found.AddRange(consumers.Select(consumer => (stream, consumer)));
        }

        return found;
    }

    public async ValueTask<ConsumerOutcome> GetAsync(long stream, string name, CancellationToken cancellationToken)
    {
        var (outcome, _) = await FindAsync(stream, name, cancellationToken);
        return outcome;
    }

    /// <summary>Makes it, where there is none of that name; one that there is stays as it is.</summary>
    public async ValueTask<ConsumerOutcome> PutAsync(
        long stream, Consumer consumer, CancellationToken cancellationToken)
    {
        var isWritten = false;
        for (var i = 0; i < Tries; i++)
        {
            if (await ReadIndexAsync(cancellationToken) is not { } read)
            {
                return Unavailable;
            }

            var names = read.Index.Of(stream);
            if (names.TryGetValue(consumer.Name, out var created))
            {
                return await GetAsync(stream, consumer.Name, cancellationToken) with
                {
                    IsChanged = isWritten && created == consumer.Created,
                };
            }

            if (names.Count >= MaxOfStream || read.Index.Count >= MaxInAll)
            {
                return new ConsumerOutcome(ConsumerStatus.TooMany);
            }

            // Nobody sees the record before the index names it.
            var record = NameOf(stream, consumer.Name, consumer.Created);
            if (!isWritten && (await records.WriteAsync(record, null, Write(consumer), cancellationToken)).Status
                == RecordStatus.Unavailable)
            {
                return Unavailable;
            }

            isWritten = true;
            var next = read.Index.With(stream, consumer.Name, consumer.Created);
            switch (await WriteIndexAsync(read.Tag, next, cancellationToken))
            {
                case RecordStatus.Done:
                    return new ConsumerOutcome(ConsumerStatus.Done, consumer) { IsChanged = true };
                case RecordStatus.Unavailable:
                    return Unavailable;
                default:
                    break;
            }
        }

        return Unavailable;
    }

    public async ValueTask<ConsumerOutcome> DeleteAsync(long stream, string name, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Tries; i++)
        {
            if (await ReadIndexAsync(cancellationToken) is not { } read)
            {
                return Unavailable;
            }

            if (!read.Index.Of(stream).TryGetValue(name, out var created))
            {
                return new ConsumerOutcome(ConsumerStatus.NotFound);
            }

            switch (await WriteIndexAsync(read.Tag, read.Index.Without(stream, name), cancellationToken))
            {
                case RecordStatus.Done:
                    await EndAsync(NameOf(stream, name, created), cancellationToken);
                    return new ConsumerOutcome(ConsumerStatus.Done) { IsChanged = true };
                case RecordStatus.Unavailable:
                    return Unavailable;
                default:
                    break;
            }
        }

        return Unavailable;
    }

    /// <summary>It has done what lies before these offsets, by partition; all of it is taken, or nothing.</summary>
    public async ValueTask<ConsumerOutcome> CommitAsync(
        long stream,
        string name,
        IReadOnlyDictionary<int, long> offsets,
        bool mayGoBack,
        long now,
        CancellationToken cancellationToken)
    {
        for (var i = 0; i < Tries; i++)
        {
            var (found, tag) = await FindAsync(stream, name, cancellationToken);
            if (found is not { Status: ConsumerStatus.Done, Consumer: { } consumer })
            {
                return found;
            }

            if (!mayGoBack && offsets.Any(pair => pair.Value < consumer.Offsets[pair.Key]))
            {
                return new ConsumerOutcome(ConsumerStatus.Backwards, consumer)
                {
                    Partition = offsets.Where(pair => pair.Value < consumer.Offsets[pair.Key]).Min(static p => p.Key),
                };
            }

            var next = consumer with
            {
                Committed = now,
                Offsets = [.. consumer.Offsets.Select((old, index) => offsets.GetValueOrDefault(index, old))],
            };
            var written = await records.WriteAsync(
                NameOf(stream, name, consumer.Created), tag, Write(next), cancellationToken);
            switch (written.Status)
            {
                case RecordStatus.Done:
                    return new ConsumerOutcome(ConsumerStatus.Done, next) { IsChanged = true };
                case RecordStatus.Unavailable:
                    return Unavailable;
                default:
                    break;
            }
        }

        return Unavailable;
    }

    /// <summary>The names of all, by their streams' numbers; null: no majority answers.</summary>
    public async ValueTask<ILookup<long, string>?> NamesAsync(CancellationToken cancellationToken) =>
        (await ReadIndexAsync(cancellationToken))?.Index.Streams
            .SelectMany(static pair => pair.Value.Keys, static (pair, name) => (pair.Key, name))
            .ToLookup(static pair => pair.Key, static pair => pair.name);

    /// <summary>The numbers of the streams that have some; null: no majority answers.</summary>
    public async ValueTask<IReadOnlyList<long>?> StreamsAsync(CancellationToken cancellationToken) =>
        (await ReadIndexAsync(cancellationToken))?.Index.Streams.Keys.Order().ToList();

    /// <summary>Ends the consumers of a stream that is not there any more.</summary>
    public async ValueTask ForgetAsync(long stream, CancellationToken cancellationToken)
    {
        foreach (var name in (await ReadIndexAsync(cancellationToken))?.Index.Of(stream).Keys.ToList() ?? [])
        {
            await DeleteAsync(stream, name, cancellationToken);
        }
    }

    private async ValueTask<(ConsumerOutcome Outcome, string? Tag)> FindAsync(
        long stream, string name, CancellationToken cancellationToken)
    {
        if (await ReadIndexAsync(cancellationToken) is not { } read)
        {
            return (Unavailable, null);
        }

        if (!read.Index.Of(stream).TryGetValue(name, out var created))
        {
            return (new ConsumerOutcome(ConsumerStatus.NotFound), null);
        }

        var record = await records.ReadAsync(NameOf(stream, name, created), cancellationToken);
        return record.Status != RecordStatus.Done ? (Unavailable, null)
            : record.Value is { } json ? (new ConsumerOutcome(ConsumerStatus.Done, Read(json)), record.Tag)
            : (new ConsumerOutcome(ConsumerStatus.NotFound), null);
    }

    private async ValueTask<IndexRead?> ReadIndexAsync(CancellationToken cancellationToken)
    {
        var read = await records.ReadAsync(ConsumerIndex.RecordName, cancellationToken);
        return read.Status == RecordStatus.Done ? new IndexRead(ConsumerIndex.Read(read), read.Tag) : null;
    }

    private async ValueTask<RecordStatus> WriteIndexAsync(
        string? tag, ConsumerIndex index, CancellationToken cancellationToken) =>
        (await records.WriteAsync(ConsumerIndex.RecordName, tag, index.ToJson(), cancellationToken)).Status;

    /// <summary>Of a record that nobody finds any more nothing need be left; one that stays does no harm.</summary>
    private async ValueTask EndAsync(string name, CancellationToken cancellationToken)
    {
        var read = await records.ReadAsync(name, cancellationToken);
        if (read.Tag is not null)
        {
            await records.WriteAsync(name, read.Tag, null, cancellationToken);
        }
    }

    private static string NameOf(long stream, string name, long created) =>
        $"{ConsumerIndex.RecordName}/{stream}/{name}/{created}";

    private static byte[] Write(Consumer consumer) => JsonSerializer.SerializeToUtf8Bytes(consumer);

    private static Consumer Read(ReadOnlyMemory<byte> json) => JsonSerializer.Deserialize<Consumer>(json.Span)!;

    private sealed record IndexRead(ConsumerIndex Index, string? Tag);
}
