using Pipeline.Definitions;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>Partitions that tell when somebody has asked whether they are empty, before he knows it.</summary>
internal sealed class LookedAtPartitions(IPartitionHost inner) : IPartitionHost
{
    /// <summary>What happens then.</summary>
    public Func<PartitionId, Task> OnLook { get; set; } = static _ => Task.CompletedTask;

    public ValueTask<bool> BearAsync(LogId log, CancellationToken cancellationToken) =>
        inner.BearAsync(log, cancellationToken);

    public IPartition Open(PartitionId id, LogId log, StreamDefinition definition) =>
        new LookedAt(inner.Open(id, log, definition), this);

    public void Change(IPartition partition, StreamDefinition definition) =>
        inner.Change(((LookedAt)partition).Inner, definition);

    public ValueTask CloseAsync(IPartition partition) => inner.CloseAsync(((LookedAt)partition).Inner);

    public ValueTask<bool> DeleteAsync(LogId log, CancellationToken cancellationToken) =>
        inner.DeleteAsync(log, cancellationToken);

    private sealed class LookedAt(IPartition inner, LookedAtPartitions host) : IPartition
    {
        public IPartition Inner => inner;

        public PartitionId Id => inner.Id;

        public PartitionStatus Status => inner.Status;

        public async ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken)
        {
            var read = await inner.ReadAsync(request, cancellationToken);
            if (request.MaxBytes == 1)
            {
                await host.OnLook(Id);
            }

            return read;
        }

        public ValueTask<AppendOutcome> AppendAsync(AppendRequest request, CancellationToken cancellationToken) =>
            inner.AppendAsync(request, cancellationToken);

        public ValueTask<ReserveOutcome> ReserveAsync(PartHeader request, CancellationToken cancellationToken) =>
            inner.ReserveAsync(request, cancellationToken);

        public void Release(PartHeader request) => inner.Release(request);

        public ValueTask<AppendOutcome> OpenProducerAsync(
            Hash128 producer, long generation, CancellationToken cancellationToken) =>
            inner.OpenProducerAsync(producer, generation, cancellationToken);

        public ValueTask<LogOffset> FindAsync(long ticks, CancellationToken cancellationToken) =>
            inner.FindAsync(ticks, cancellationToken);

        public ValueTask TrimAsync(LogOffset lowWater, CancellationToken cancellationToken) =>
            inner.TrimAsync(lowWater, cancellationToken);
    }
}
