using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Registers;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Scrubbing;

/// <summary>
/// Whether the place of a store whose contents are gone may be given to an empty one. It may not while a log needs them
/// for a majority of the stores that its open segment was begun on: an empty store in their place would make sure that
/// they never count again, even where they come back whole.
/// </summary>
/// <param name="registers">The logs' and that of their list.</param>
/// <param name="named">Which logs there are.</param>
/// <param name="others">The stores that vote beside it.</param>
/// <param name="reading">How to read them.</param>
internal sealed class LastCopies(
    IRegisters registers, INamedLogs named, IReadOnlyList<StoreMember> others, StoreReading reading)
{
    private const int Parallelism = 16;

    /// <summary>What to tell people; null where nothing needs what is gone.</summary>
    public async Task<string?> DescribeAsync()
    {
        try
        {
            return await FindAsync();
        }
        catch (InvalidDataException newer)
        {
            return $"what needs its former contents cannot be told: {newer.Message}";
        }
    }

    private async Task<string?> FindAsync()
    {
        var read = await ReadAsync(named.Register);
        if (read.Status != RegisterStatus.Chosen)
        {
            return read.Status == RegisterStatus.NotBorn ? null : $"the catalog cannot be read: {read.Detail}";
        }

        var waiting = new Queue<(PartitionId Id, LogId Log)>(named.Read(read.Value.Span).Streams.SelectMany(
            static stream => Enumerable.Range(0, stream.Partitions).Select(partition => (
                new PartitionId(stream.Name, partition), new LogId(stream.Id, partition)))));
        string? found = null;
        foreach (var worker in Enumerable.Range(0, Parallelism).Select(_ => WorkAsync()).ToArray())
        {
            await worker;
        }

        return found;

        async Task WorkAsync()
        {
            while (found is null && waiting.TryDequeue(out var partition))
            {
                found = await DescribeAsync(partition.Id, partition.Log) ?? found;
            }
        }
    }

    private async Task<string?> DescribeAsync(PartitionId id, LogId log)
    {
        var read = await ReadAsync(LogNames.Register(log));
        return read.Status switch
        {
            RegisterStatus.NotBorn => null,
            RegisterStatus.Chosen => LogManifestCodec.Decode(read.Value.Span).Open is { } open
                && open.Stores.Count(IsOther) < open.Quorum
                    ? $"it waits for its former contents: without them too few stores have the newest events of {id}; "
                        + "put them back"
                    : null,
            _ => $"the register of {id} cannot be read: {read.Detail}",
        };
    }

    private bool IsOther(StoreId store) => others.Any(other => other.Id == store);

    /// <summary>What none of the others has was not born; what a store has lost cannot say so.</summary>
    private async Task<RegisterOutcome> ReadAsync(BlobName name)
    {
        var read = await registers.Open(name).ReadAsync(CancellationToken.None);
        if (read.Status is RegisterStatus.Chosen or RegisterStatus.NotBorn)
        {
            return read;
        }

        foreach (var other in others)
        {
            if ((await reading.GetAsync(other.Store, name)).Status != BlobStatus.NotFound)
            {
                return read;
            }
        }

        return read with { Status = RegisterStatus.NotBorn };
    }
}
