using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Lets go of events that are kept long enough. Invariants:
/// <list type="bullet">
/// <item>Unless the stream's retention is hard, nothing goes that a reader of the newest catalog has not read, as its
/// durable checkpoint says; a reader of which that is not known has read nothing.</item>
/// <item>Nothing goes on the word of a host that does not know the newest catalog.</item>
/// <item>The event before the lowest cursor stays, because control parts lie behind it in the log.</item>
/// </list>
/// </summary>
internal sealed class Retention(PipelineHost host, Func<KeeperView> view)
{
    /// <summary>Only read here: it draws nothing that matters.</summary>
    private readonly CatalogRegister _catalog = new(host.Registers, new Random(0));

    public async Task TrimAsync(CancellationToken cancellationToken)
    {
        foreach (var stream in view().Streams.Values.OrderBy(stream => stream.Name))
        {
            foreach (var partition in stream.Definition.Retention is null ? [] : stream.Partitions)
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
        if (Limit(old) > status.First && await KnowsNewestAsync(cancellationToken) && Limit(old) is var low
            && low > status.First)
        {
            await partition.TrimAsync(low, cancellationToken);
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
