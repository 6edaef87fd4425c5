using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Partitions;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>Partitions that throw where a stage sends its outputs, instead of answering.</summary>
internal sealed class ThrowingPartitions(IPartitionHost inner, Func<Exception> make) : IPartitionHost
{
    public ValueTask<bool> BearAsync(LogId log, CancellationToken cancellationToken) =>
        inner.BearAsync(log, cancellationToken);

    public IPartition Open(PartitionId id, LogId log, StreamDefinition definition) =>
        new Throwing(inner.Open(id, log, definition), make);

    public void Change(IPartition partition, StreamDefinition definition) =>
        inner.Change(((Throwing)partition).Inner, definition);

    public ValueTask CloseAsync(IPartition partition) => inner.CloseAsync(((Throwing)partition).Inner);

    public ValueTask<bool> DeleteAsync(LogId log, CancellationToken cancellationToken) =>
        inner.DeleteAsync(log, cancellationToken);

    private sealed class Throwing(IPartition inner, Func<Exception> make) : IPartition
    {
        public IPartition Inner => inner;

        public PartitionId Id => inner.Id;

        public PartitionStatus Status => inner.Status;

        public ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken) =>
            inner.ReadAsync(request, cancellationToken);

        public ValueTask<AppendOutcome> AppendAsync(AppendRequest request, CancellationToken cancellationToken) =>
            request.Header.HandleKind == HandleKind.Platform
                ? ValueTask.FromException<AppendOutcome>(make())
                : inner.AppendAsync(request, cancellationToken);

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
