using System.Runtime.ExceptionServices;
using Pipeline.Processing.Sinks;
using Pipeline.Replication.Loops;

namespace Pipeline.Processing.Webhooks;

/// <summary>
/// Brings the rows of one read to the target: rows of one key one after the other, of different keys side by side, or,
/// where one request at a time is wanted, all of them in order. A row is sent until it is delivered or refused; one
/// that is refused is settled once everything before it is, and its letter is durable. On the sink's loop, once.
/// </summary>
internal sealed class WebhookDelivery(
    IWebhookPost post, IWebhookLedger ledger, WebhookCircuit circuit, WebhookBackoff backoff, WebhookLimits limits)
{
    private readonly Queue<Sent> _answers = new();
    private IReadOnlyList<SinkRow> _rows = [];
    private WebhookLanes _lanes = new([], isOne: false);
    private Row[] _states = [];
    private TaskCompletionSource _wake = NewWake();
    private Exception? _fault;
    private int _settled;
    private int _underWay;

    /// <summary>False where the ledger said that it is over.</summary>
    public async ValueTask<bool> DeliverAsync(IReadOnlyList<SinkRow> rows, CancellationToken cancellationToken)
    {
        (_rows, _lanes, _states) = (
            rows, new WebhookLanes(rows, limits.Concurrency == 1), new Row[rows.Count]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (_settled < rows.Count)
            {
                Send(stop.Token);
                await WaitAsync(cancellationToken);
                while (_answers.TryDequeue(out var sent))
                {
                    Take(sent);
                }

                if (!await AdvanceAsync(cancellationToken))
                {
                    return false;
                }

                Tell();
            }

            return true;
        }
        finally
        {
            stop.Cancel();
            while (_underWay > 0)
            {
                _wake = NewWake();
                await _wake.Task;
            }
        }
    }

    private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Send(CancellationToken cancellationToken)
    {
        var now = limits.Now;
        while (now >= circuit.From && _underWay < circuit.Most(limits.Concurrency) && _lanes.Take(now) is { } lane)
        {
            _underWay++;
            LoopTasks.Start(() => SendAsync(lane, cancellationToken), OnFault);
        }
    }

    private async Task SendAsync(Queue<int> lane, CancellationToken cancellationToken)
    {
        try
        {
            _answers.Enqueue(new Sent(lane, await post.SendAsync(_rows[lane.Peek()], cancellationToken)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It is over; what became of it nobody knows.
        }

        _underWay--;
        _wake.TrySetResult();
    }

    private void OnFault(Exception error)
    {
        _fault = error;
        _underWay--;
        _wake.TrySetResult();
    }

    /// <summary>Until something was answered, or the time of something that waits has come.</summary>
    private async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        _wake = NewWake();
        if (_answers.Count == 0 && _fault is null)
        {
            var pause = _underWay < circuit.Most(limits.Concurrency) && _lanes.Next is { } next
                ? new TimeSpan(Math.Max(0, Math.Max(next, circuit.From) - limits.Now))
                : Timeout.InfiniteTimeSpan;
            using var timer = limits.Time.CreateTimer(
                static wake => ((TaskCompletionSource)wake!).TrySetResult(), _wake, pause, Timeout.InfiniteTimeSpan);
            using var end = cancellationToken.UnsafeRegister(
                static wake => ((TaskCompletionSource)wake!).TrySetResult(), _wake);
            await _wake.Task;
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (_fault is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private void Take(Sent sent)
    {
        var (lane, answer) = sent;
        ref var row = ref _states[lane.Peek()];
        row.Attempts++;
        row.Last = answer;
        row.Lane = lane;
        if (answer.Verdict != WebhookVerdict.Failed)
        {
            circuit.Succeed();
            row.IsDone = true;
            if (answer.Verdict == WebhookVerdict.Delivered)
            {
                _lanes.Settle(lane);
            }

            return;
        }

        circuit.Fail(limits.Now, answer.RetryAfter);
        row.Answers += answer.IsAnswer ? 1 : 0;
        if (row.Answers == limits.Attempts)
        {
            row.IsDone = true;
            row.Last = answer with
            {
                Verdict = WebhookVerdict.Refused,
                Reason = $"Given up after {row.Answers} attempts: {answer.Reason}",
            };
            return;
        }

        _lanes.Repeat(lane, limits.Now + backoff.After(row.Attempts).Ticks);
    }

    /// <summary>Passes what is done, in order.</summary>
    private async ValueTask<bool> AdvanceAsync(CancellationToken cancellationToken)
    {
        var before = _settled;
        for (; _settled < _rows.Count && _states[_settled].IsDone; _settled++)
        {
            var (verdict, reason) = (_states[_settled].Last.Verdict, _states[_settled].Last.Reason);
            var (lane, attempts) = (_states[_settled].Lane!, _states[_settled].Attempts);
            if (verdict == WebhookVerdict.Refused)
            {
                if (!await ledger.TryRefuseAsync(_rows[_settled], reason, attempts, cancellationToken))
                {
                    return false;
                }

                _lanes.Settle(lane);
            }

            ledger.Pass(_rows[_settled], verdict == WebhookVerdict.Delivered);
        }

        return _settled == before || await ledger.TryKeepAsync(cancellationToken);
    }

    /// <summary>It stands still as long as the oldest row that is not settled was sent in vain.</summary>
    private void Tell()
    {
        var first = _settled < _rows.Count ? _states[_settled] : default;
        ledger.Tell(first is { Attempts: > 0, IsDone: false } ? (_rows[_settled], first.Attempts, first.Last) : null);
    }

    private struct Row
    {
        public int Attempts;
        public int Answers;
        public bool IsDone;
        public WebhookAnswer Last;
        public Queue<int>? Lane;
    }

    private readonly record struct Sent(Queue<int> Lane, WebhookAnswer Answer);
}
