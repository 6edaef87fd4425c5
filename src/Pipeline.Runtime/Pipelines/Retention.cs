using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Records;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Consumers;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Lets go of events that are kept long enough. Invariants:
/// <list type="bullet">
/// <item>Unless the stream's retention is hard, nothing goes that a reader of the newest catalog has not read, as its
/// durable checkpoint says; a reader of which that is not known has read nothing.</item>
/// <item>Unless it is hard, nothing goes that a named consumer has not done, as a majority of the stores has it.</item>
/// <item>Nothing goes on the word of a host that does not know the newest catalog.</item>
/// <item>The event before the lowest cursor stays, because control parts lie behind it in the log.</item>
/// </list>
/// </summary>
internal sealed class Retention(PipelineHost host, Func<KeeperView> view)
{
    /// <summary>Only read here: it draws nothing that matters.</summary>
    private readonly CatalogRegister _catalog = new(host.Registers, new Random(0));

    private readonly ConsumerStore _consumers = new(new RecordStore(host.Registers, new Random(0)));

    private long? _lookedAtAll;

    /// <summary>
    /// Looks at every stream each <see cref="PipelineSettings.TrimInterval"/>, and at those that keep events for a
    /// shorter time whenever it is called.
    /// </summary>
    public async Task TrimAsync(CancellationToken cancellationToken)
    {
        var (time, interval) = (host.Loop.Time, host.Settings.TrimInterval);
        var isDue = _lookedAtAll is not { } last || time.GetElapsedTime(last) >= interval;
        _lookedAtAll = isDue ? time.GetTimestamp() : _lookedAtAll;
        foreach (var stream in view().Streams.Values.OrderBy(stream => stream.Name).TakeWhile(_ => !host.Trims.IsHeld))
        {
            var age = stream.Definition.Retention;
            var isLookedAt = age is not null && (isDue || (age > TimeSpan.Zero && age < interval));
            foreach (var partition in isLookedAt ? stream.Partitions : [])
            {
                try
                {
                    await TrimAsync(stream, partition, cancellationToken);
                }
                catch (Exception error) when (error is IOException or InvalidDataException or TimeoutException)
                {
                    // This partition does not answer as it should: the others' events go all the same.
                }
            }
        }
    }

    private async Task TrimAsync(CatalogedStream stream, IPartition partition, CancellationToken cancellationToken)
    {
        var status = partition.Status;
        if (!status.IsServing || status.First == status.Committed)
        {
            return;
        }

        var age = stream.Definition.Retention!.Value;
        var before = host.Loop.Time.GetUtcNow().UtcTicks - age.Ticks;
        var old = age == TimeSpan.Zero
            ? status.Committed
            : status.Oldest >= before ? status.First : await partition.FindAsync(before, cancellationToken);
        if (Limit(old) > status.First && await KnowsNewestAsync(cancellationToken)
            && await HeldAsync(stream, partition, cancellationToken) is { } held
            && Math.Min(held, Limit(old).Value) is var low && low > status.First.Value)
        {
            await partition.TrimAsync(new LogOffset(low), cancellationToken);
        }

        LogOffset Limit(LogOffset aged)
        {
            var now = view();
            return now.Streams.GetValueOrDefault(stream.Name)?.Id != stream.Id
                ? LogOffset.Zero
                : stream.Definition.IsRetentionHard || RetentionReaders.Read(now, stream, partition) is not { } read
                    ? aged
                    : new LogOffset(Math.Min(aged.Value, read));
        }
    }

    /// <summary>
    /// The first event that a consumer has not done; all are, where there is none. Null: nobody can say.
    /// </summary>
    private async ValueTask<long?> HeldAsync(
        CatalogedStream stream, IPartition partition, CancellationToken cancellationToken)
    {
        if (stream.Definition.IsRetentionHard)
        {
            return long.MaxValue;
        }

        var consumers = await _consumers.ListAsync(stream.Id, cancellationToken);
        return consumers?.Select(consumer => consumer.Offsets[partition.Id.Index]).Append(long.MaxValue).Min();
    }

    /// <summary>Consumers of streams that were deleted are ended.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        // What has consumers was there when these were read; so it is in the newest catalog, or gone.
        var streams = await _consumers.StreamsAsync(cancellationToken);
        if (streams is not { Count: > 0 } || !await KnowsNewestAsync(cancellationToken))
        {
            return;
        }

        var there = view().State.Streams.Select(static stream => stream.Id).ToHashSet();
        var gone = streams.Where(stream => !there.Contains(stream)).ToList();
        var writing = gone.Count == 0 ? null
            : new ConsumerStore(new RecordStore(host.Registers, new Random(host.Draw.Next())));
        foreach (var stream in gone)
        {
            await writing!.ForgetAsync(stream, cancellationToken);
        }
    }

    /// <summary>Whether the pipelines that this host knows are those of the newest catalog.</summary>
    private async ValueTask<bool> KnowsNewestAsync(CancellationToken cancellationToken)
    {
        var newest = await _catalog.OpenAsync(cancellationToken);
        var known = view().Pipelines;
        return newest is not null && newest.Pipelines.All(entry =>
            known.GetValueOrDefault(entry.Name)?.Entry is { } here
            && here.Incarnation == entry.Incarnation && here.Generation == entry.Generation);
    }
}
