using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Runtime.Trials;

/// <summary>A partition in memory: takes every part at once, as one block, accepted at the trial's time.</summary>
internal sealed class TrialPartition(PartitionId id, TrialLoop loop, Func<long> number) : IPartition
{
    private readonly List<(long Number, LogBlock Block)> _blocks = [];
    private long _next;
    private long _bytes;
    private long _oldest;
    private long _newest;

    public PartitionId Id { get; } = id;

    /// <summary>In the order of their coming; numbered through all partitions of the trial.</summary>
    public IReadOnlyList<(long Number, LogBlock Block)> Blocks => _blocks;

    public PartitionStatus Status => new(
        Id.Index, default, new LogOffset(_next), new LogOffset(_next), _bytes, _oldest, _newest, IsServing: true);

    /// <summary>Copies the part.</summary>
    public AppendOutcome Append(AppendRequest request)
    {
        var (count, first) = (request.Header.Count, _next);
        var payload = request.Part.ToArray();
        PartCodec.StampAcceptedTime(payload, loop.Now);
        _blocks.Add((number(), new LogBlock(new LogPosition(0, _blocks.Count), new LogOffset(first), count, payload)));
        _next += count;
        _bytes += payload.Length;
        if (count > 0)
        {
            (_oldest, _newest) = (_oldest == 0 ? loop.Now : _oldest, loop.Now);
        }

        return new AppendOutcome(AppendStatus.Appended)
        {
            Runs = [new OffsetRun(new LogOffset(first), count)],
            Accepted = count,
            Last = request.Header.Last,
        };
    }

    public ValueTask<AppendOutcome> AppendAsync(AppendRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Append(request));

    public ValueTask<ReserveOutcome> ReserveAsync(PartHeader request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ReserveOutcome(AppendStatus.Appended));

    public void Release(PartHeader request)
    {
    }

    public ValueTask<AppendOutcome> OpenProducerAsync(
        Hash128 producer, long generation, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new AppendOutcome(AppendStatus.Appended));

    public ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ReadOutcome(ReadStatus.Ok)
        {
            Blocks = [.. _blocks.Skip((request.After?.Block ?? -1) + 1).Select(static numbered => numbered.Block)],
            Committed = new LogOffset(_next),
        });

    public ValueTask<LogOffset> FindAsync(long ticks, CancellationToken cancellationToken) =>
        ValueTask.FromResult(default(LogOffset));

    public ValueTask TrimAsync(LogOffset lowWater, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
