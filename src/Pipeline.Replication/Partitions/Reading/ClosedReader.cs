using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions.Segments;
using Pipeline.Replication.Quorums;
using Pipeline.Replication.Registers;

namespace Pipeline.Replication.Partitions.Reading;

/// <summary>
/// Reads the closed segments of a log from the stores, in a process that need not own it. What a manifest that was
/// chosen names as closed is committed and does not change any more, whoever owns the log by now; it can only be
/// deleted, and then the stores have nothing. Not to be used from two threads at a time.
/// </summary>
public sealed class ClosedReader
{
    private static readonly TimeSpan RefreshLimit = TimeSpan.FromSeconds(2);

    private readonly SegmentCatalog _catalog;
    private readonly SegmentReader _segments;
    private readonly ManifestRegister _register;
    private readonly TimeProvider _time;

    public ClosedReader(
        LogId log, IStoreSet stores, IRegisters registers, PartitionOptions options, TimeProvider time)
    {
        _catalog = new SegmentCatalog(log, stores);
        _segments = new SegmentReader(log, _catalog, stores, options, time);
        (_register, _time) = (new ManifestRegister(log, registers), time);
    }

    /// <summary>Learns which segments are closed now; false where no majority of stores says it in time.</summary>
    public async ValueTask<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(RefreshLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            if (await _register.ReadAsync(either.Token) is { } manifest)
            {
                _catalog.Renew(manifest);
                return true;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Not in time.
        }

        return false;
    }

    /// <summary>
    /// Ok: the blocks that follow, at least one. BeyondEnd, Trimmed: what follows lies in none of the closed segments
    /// that are known here, and the owner is to be asked. Unavailable: no store gives it now.
    /// </summary>
    public async ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        var from = request.After is { } after ? after with { Block = after.Block + 1 } : (LogPosition?)null;
        if (from is null && (request.From < _catalog.First || request.From >= _catalog.Manifest.ClosedEnd))
        {
            return new ReadOutcome(request.From < _catalog.First ? ReadStatus.Trimmed : ReadStatus.BeyondEnd);
        }

        from ??= await _catalog.LoadAsync(cancellationToken)
            ? await _segments.LocateAsync(request.From, cancellationToken)
            : null;
        var blocks = new List<LogBlock>();
        while (blocks.Count == 0)
        {
            // The catalog may be renewed while a store is read.
            if (from is not { } next || !await _catalog.LoadAsync(cancellationToken))
            {
                return new ReadOutcome(ReadStatus.Unavailable);
            }

            if (next.Segment < _catalog.Manifest.FirstNumber)
            {
                return new ReadOutcome(ReadStatus.Trimmed);
            }

            if (_segments.Seek(next) is not { } place)
            {
                return new ReadOutcome(ReadStatus.BeyondEnd);
            }

            from = await _segments.ReadAsync(place, request.MaxBytes, blocks, cancellationToken)
                ? place.Position
                : null;
        }

        return new ReadOutcome(ReadStatus.Ok) { Blocks = blocks, Next = blocks[^1].Position };
    }
}
