using Orleans.Streams;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Streaming;

/// <summary>
/// Pulls the blocks of a partition, in order, from a token on: while the observer works on what one read gave, the next
/// read is under way, and there is never more. What the observer fails on is given to it again; nothing is left out. An
/// empty batch says that there was nothing new for a while. All of it runs on the scheduler that started it, until it
/// is disposed of or its activation has ended.
/// </summary>
internal sealed class LogPull : IDisposable
{
    private const int ReadBytes = 1 << 20;

    private static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly IBlockSource _source;
    private readonly LogStreamHost _host;
    private readonly IAsyncBatchObserver<LogEventBlock> _observer;
    private readonly IGrainContext? _subscriber;
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationToken _isOver;
    private LogToken _read;

    public LogPull(
        IBlockSource source, LogStreamHost host, LogToken from, IAsyncBatchObserver<LogEventBlock> observer)
    {
        (_source, _host, _observer) = (source, host, observer);
        (_read, Taken) = (from, from);
        (_subscriber, _isOver) = (host.Subscriber, _over.Token);
    }

    /// <summary>After the last block that the observer took.</summary>
    public LogToken Taken { get; private set; }

    private bool IsOver => _isOver.IsCancellationRequested || _subscriber is { Deactivated.IsCompleted: true };

    /// <summary>Begins; of the caller's context (request, trace) nothing goes with it but the scheduler.</summary>
    public void Start()
    {
        using var flow = ExecutionContext.SuppressFlow();
        Task.Factory.StartNew(
            PullAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current);
    }

    /// <summary>No delivery begins after this.</summary>
    public void Dispose()
    {
        if (!_isOver.IsCancellationRequested)
        {
            _over.Cancel();
            _over.Dispose();
        }
    }

    private async Task PullAsync()
    {
        try
        {
            var next = ReadAsync();
            while (await next is { } outcome && !IsOver)
            {
                _host.KeepAwake(_subscriber);
                if (outcome.Status is ReadStatus.Trimmed or ReadStatus.BeyondEnd)
                {
                    await TellAsync(Fault(outcome));
                    return;
                }

                var batch = Chain(outcome.Blocks);
                next = ReadAsync();
                await (outcome.Status == ReadStatus.Ok ? DeliverAsync(batch) : TellAsync(Fault(outcome)));
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            await TellAsync(fault);
        }
    }

    /// <summary>Null where nobody waits for it any more.</summary>
    private async Task<ReadOutcome?> ReadAsync()
    {
        var request = new ReadRequest
        {
            From = _read.Offset,
            After = _read.Position,
            MaxBytes = ReadBytes,
            Wait = LongPoll,
        };
        try
        {
            return await _source.ReadAsync(request, _isOver);
        }
        catch (OperationCanceledException) when (_isOver.IsCancellationRequested)
        {
            return null;
        }
    }

    private List<SequentialItem<LogEventBlock>> Chain(IReadOnlyList<LogBlock> blocks)
    {
        var items = new List<SequentialItem<LogEventBlock>>(blocks.Count);
        foreach (var block in blocks)
        {
            var item = new LogEventBlock(_read, block);
            _read = item.Token;
            items.Add(new SequentialItem<LogEventBlock>(item, item.Token));
        }

        return items;
    }

    private async Task DeliverAsync(List<SequentialItem<LogEventBlock>> batch)
    {
        var pause = FirstPause;
        while (!IsOver)
        {
            try
            {
                await _observer.OnNextAsync(batch);
                Taken = batch.Count > 0 ? batch[^1].Item.Token : Taken;
                return;
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                await TellAsync(fault);
            }

            await Task.Delay(pause, _host.Time, CancellationToken.None);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task TellAsync(Exception error)
    {
        try
        {
            await (IsOver ? Task.CompletedTask : _observer.OnErrorAsync(error));
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // An observer that fails at being told is still given its blocks.
        }
    }

    private LogStreamException Fault(ReadOutcome outcome) => new($"{_source.Id}", _read, outcome);
}
