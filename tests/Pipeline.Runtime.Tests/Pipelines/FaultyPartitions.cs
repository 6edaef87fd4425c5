using Pipeline.Definitions;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Tests.Pipelines;

/// <summary>
/// Partitions that throw where a stage sends its outputs, cannot be read for a while, or tell when they are looked at.
/// </summary>
internal sealed class FaultyPartitions(IPartitionHost inner) : IPartitionHost
{
    /// <summary>What is thrown instead of an answer to a stage's output; null: nothing.</summary>
    public Func<Exception>? Thrown { get; init; }

    /// <summary>What a stage's output is answered instead of being taken; null: it is taken.</summary>
    public Func<AppendOutcome?> Answered { get; init; } = static () => null;

    /// <summary>Whether reads find nobody.</summary>
    public Func<bool> CannotBeRead { get; init; } = static () => false;

    /// <summary>Done when somebody has asked whether a partition is empty, before he knows it.</summary>
    public Func<PartitionId, Task> OnLook { get; set; } = static _ => Task.CompletedTask;

    public ValueTask<bool> BearAsync(LogId log, CancellationToken cancellationToken) =>
        inner.BearAsync(log, cancellationToken);

    public IPartition Open(PartitionId id, LogId log, StreamDefinition definition) =>
        new Faulty(inner.Open(id, log, definition), this);

    public void Change(IPartition partition, StreamDefinition definition) =>
        inner.Change(((Faulty)partition).Inner, definition);

    public ValueTask CloseAsync(IPartition partition) => inner.CloseAsync(((Faulty)partition).Inner);

    public ValueTask<bool> DeleteAsync(LogId log, CancellationToken cancellationToken) =>
        inner.DeleteAsync(log, cancellationToken);

    private sealed class Faulty(IPartition inner, FaultyPartitions faults) : IPartition
    {
        public IPartition Inner => inner;

        public PartitionId Id => inner.Id;

        public PartitionStatus Status => inner.Status;

        public async ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken)
        {
            if (faults.CannotBeRead())
            {
                return new ReadOutcome(ReadStatus.Unavailable);
            }

            var read = await inner.ReadAsync(request, cancellationToken);
            if (request.MaxBytes == 1)
            {
                await faults.OnLook(Id);
            }

            return read;
        }

        public ValueTask<AppendOutcome> AppendAsync(AppendRequest request, CancellationToken cancellationToken) =>
            request.Header.HandleKind != HandleKind.Platform ? inner.AppendAsync(request, cancellationToken)
                : faults.Thrown is { } make ? ValueTask.FromException<AppendOutcome>(make())
                : faults.Answered() is { } answer ? ValueTask.FromResult(answer)
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
