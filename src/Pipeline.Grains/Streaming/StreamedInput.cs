using Orleans.Streams;
using Pipeline.Kernel.Identity;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Streaming;

/// <summary>
/// A partition read through a subscription to its stream, for a stage on another thread. The stage's cursor alone says
/// what comes next: a delivery that does not follow what is here already is not taken, and the subscription starts
/// anew where that ends. The one that was delivered waits until the stage takes it, so that there is never more here.
/// </summary>
/// <param name="partition">The same partition, for how it is.</param>
/// <param name="stream">Its stream.</param>
/// <param name="scheduler">Where the subscription lives: the stage's grain.</param>
/// <param name="time">For waits.</param>
internal sealed class StreamedInput(
    IPartition partition, IAsyncStream<LogEventBlock> stream, TaskScheduler scheduler, TimeProvider time) : IBlockSource
{
    /// <summary>The provider itself says within 15 s that a partition cannot be read.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);

    /// <summary>The provider says every second that there is nothing new: then the last may have been lost.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private const int MostDoublings = 8;

    private readonly Lock _gate = new();
    private readonly List<LogBlock> _blocks = [];
    private LogToken _taken = LogToken.First;
    private LogToken _end = LogToken.First;
    private InputSubscription? _subscription;
    private ReadOutcome? _fault;
    private TaskCompletionSource? _changed;
    private TaskCompletionSource? _room;
    private long _heard;
    private long _progressed;
    private int _misses;

    public PartitionId Id => partition.Id;

    public PartitionStatus Status => partition.Status;

    public async ValueTask<ReadOutcome> ReadAsync(ReadRequest request, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            Task changed;
            TimeSpan left;
            lock (_gate)
            {
                GoTo(request);
                if (TryTake() is { } outcome)
                {
                    return outcome;
                }

                left = request.Wait - time.GetElapsedTime(start);
                if (left <= TimeSpan.Zero)
                {
                    return new ReadOutcome(ReadStatus.Ok) { Next = request.After };
                }

                changed = (_changed ??= NewSource()).Task;
                left = left < Silence ? left : Silence;
            }

            try
            {
                await changed.WaitAsync(left, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Looked at again, above.
            }
        }
    }

    /// <summary>Ends the subscription; the next read makes another.</summary>
    public void Close()
    {
        lock (_gate)
        {
            Leave();
        }
    }

    /// <summary>A batch was delivered; completes when the stage has taken it.</summary>
    public Task Receive(InputSubscription subscription, IList<SequentialItem<LogEventBlock>> items)
    {
        lock (_gate)
        {
            if (subscription != _subscription)
            {
                return Task.CompletedTask;
            }

            _heard = time.GetTimestamp();
            var isMissing = false;
            foreach (var item in items)
            {
                if (Follows(item.Item))
                {
                    _blocks.Add(item.Item.Block);
                    (_end, _progressed, _misses) = (item.Item.Token, _heard, 0);
                }
                else if (!IsRepeated(item.Item))
                {
                    isMissing = true;
                    break;
                }
            }

            var room = _blocks.Count > 0 ? (_room ??= NewSource()).Task : Task.CompletedTask;
            if (isMissing || (_blocks.Count == 0 && time.GetElapsedTime(_progressed, _heard) >= Idle))
            {
                Rewind();
            }

            if (_blocks.Count > 0)
            {
                Signal(ref _changed);
            }

            return room;
        }
    }

    /// <summary>The subscription cannot give anything now, or for good.</summary>
    public void Fail(InputSubscription subscription, Exception fault)
    {
        lock (_gate)
        {
            if (subscription == _subscription)
            {
                _heard = time.GetTimestamp();
                _fault = (fault as LogStreamException)?.Outcome ?? new ReadOutcome(ReadStatus.Unavailable);
                if (fault is not LogStreamException { Status: ReadStatus.Unavailable })
                {
                    Leave();
                }

                Signal(ref _changed);
            }
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Signal(ref TaskCompletionSource? source)
    {
        source?.SetResult();
        source = null;
    }

    private bool Follows(LogEventBlock block) => block.Previous.Equals(_end)
        && (block.FirstOffset == _end.SequenceNumber
            || (_end.Position is null && block.FirstOffset < _end.SequenceNumber));

    private bool IsRepeated(LogEventBlock block) => _end.Position is not null && block.Token.CompareTo(_end) <= 0;

    /// <summary>Has the subscription be where the stage is, and alive.</summary>
    private void GoTo(ReadRequest request)
    {
        var token = LogToken.Of(request);
        if (!(_taken.Position is { } position ? request.After == position : token.Equals(_taken)))
        {
            Leave();
            (_taken, _end, _fault) = (token, token, null);
            _blocks.Clear();
        }

        if (_subscription is null && _fault is null)
        {
            Subscribe();
        }
        else if (_blocks.Count == 0 && _fault is null && time.GetElapsedTime(_heard) >= Silence)
        {
            Rewind();
        }
    }

    /// <summary>Something is missing, or may be: the subscription starts anew at the end of what is here.</summary>
    private void Rewind()
    {
        Leave();
        _misses++;
        Subscribe();
    }

    private void Subscribe()
    {
        _heard = _progressed = time.GetTimestamp();
        var pause = _misses < 2 ? TimeSpan.Zero : FirstPause * Math.Pow(2, Math.Min(_misses, MostDoublings));
        _subscription = new InputSubscription(this, scheduler);
        _subscription.Begin(stream, _end, pause, time);
    }

    private void Leave()
    {
        _subscription?.End();
        _subscription = null;
        Signal(ref _room);
    }

    private ReadOutcome? TryTake()
    {
        if (_blocks.Count > 0)
        {
            var outcome = new ReadOutcome(ReadStatus.Ok) { Blocks = [.. _blocks], Next = _blocks[^1].Position };
            _taken = _end;
            _blocks.Clear();
            Signal(ref _room);
            return outcome;
        }

        var fault = _fault;
        _fault = null;
        return fault;
    }
}
