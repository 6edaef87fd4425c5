using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Sinks;

/// <summary>
/// Writes one partition to a target that keeps rows and cursor together. Exactly once: the cursor that counts is the
/// target's, and only the last activation moves it. The checkpoint follows it, for retention and for changes of the
/// definition; its snapshot is the mark of the target that was written last.
/// </summary>
internal sealed class RowSink : SinkInstance
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(30);

    private readonly RowSinkSetup _setup;
    private readonly RowWriting _writing;
    private long _written;
    private long _refused;
    private long _readTime;
    private long _saveDue;

    public RowSink(RowSinkSetup setup)
        : base(setup)
    {
        _setup = setup;
        _writing = new RowWriting(setup, OnCommitted);
    }

    protected override StageCounts Counts => new(_written + _refused, _written, _refused, 0);

    protected override long ReadTime => _readTime;

    protected override ReadOnlyMemory<byte> Mark => _setup.Target.Mark;

    protected override TimeSpan Wait => IsSaved ? IdleWait : _setup.Settings.CheckpointInterval;

    private bool IsSaved => Cursor <= _setup.Checkpoints.Durable.Cursor;

    protected override async ValueTask<bool> TryEnterAsync(ReadOnlyMemory<byte> mark)
    {
        var (epoch, saved) = (_setup.Checkpoints.Epoch.Value, _setup.Checkpoints.Durable.Cursor);
        if (!await TryOpenAsync(_setup.Letters))
        {
            return false;
        }

        var isKnown = mark.Span.SequenceEqual(Mark.Span);
        if (_setup.Cut is not null && !isKnown)
        {
            // Nothing of it can be there, so that its checkpoint says where it is cut, whether the target answers or
            // not.
            Cursor = saved;
            return true;
        }

        var entrance = new SinkEntrance(epoch, saved, isKnown)
        {
            RestoredEnd = _setup.RestoredEnd() ?? long.MaxValue,
        };
        if (await _setup.Target.EnterAsync(entrance, Ending) is not { } cursor)
        {
            Overtake();
            return false;
        }

        Cursor = cursor;
        if (!isKnown && !await TrySaveAsync())
        {
            return false;
        }

        _saveDue = NextSave();
        Reach(Math.Min(_setup.Checkpoints.Durable.Cursor, cursor));
        return true;
    }

    /// <summary>A row that was refused, and whose letter was the last thing that the activation before wrote.</summary>
    protected override async ValueTask<bool> PrepareAsync() =>
        _setup.Letters.Last != Cursor || await TryWriteAsync([], Cursor + 1);

    protected override async ValueTask<bool> TakeAsync(IReadOnlyList<LogBlock> blocks)
    {
        var rows = new List<SinkRow>();
        var next = Cursor;
        foreach (var block in blocks)
        {
            next = SinkRow.Add(block, next, rows);
        }

        return rows.Count == 0 || await TryWriteAsync(rows, next);
    }

    protected override ValueTask<bool> SkipAsync(long first) => TryWriteAsync([], first);

    protected override async ValueTask<bool> CheckAsync()
    {
        if (IsSaved || Elapsed < _saveDue)
        {
            return true;
        }

        _saveDue = NextSave();
        return await TrySaveAsync();
    }

    protected override ValueTask LeaveAsync() => _setup.Target.LeaveAsync();

    protected override (StageInstanceState State, string Reason)? Explain(Exception error) =>
        error is SinkTargetException target ? target.Said : null;

    protected override string Beyond(LogOffset committed) =>
        $"the target is at {Cursor}, {_setup.Input.Id} ends at {committed}: it has rows that this stream does not have";

    private long NextSave() => Elapsed + _setup.Settings.CheckpointInterval.Ticks;

    private async ValueTask<bool> TryWriteAsync(List<SinkRow> rows, long next)
    {
        if (await _writing.WriteAsync(rows, Cursor, next, Ending))
        {
            return true;
        }

        Overtake();
        return false;
    }

    private void OnCommitted(SinkBatch batch, bool isRefusal)
    {
        Cursor = batch.Next;
        Succeed();
        _written += batch.Rows.Count;
        _refused += isRefusal ? 1 : 0;
        _readTime = batch.Rows.Count > 0 ? batch.Rows[^1].AcceptedTime : _readTime;
        Publish();
    }
}
