using Pipeline.Processing.Sinks;

namespace Pipeline.Processing.Webhooks;

/// <summary>
/// Brings the rows of one read to the target: rows of one key one after the other, of different keys side by side. A
/// row is sent until it is delivered or refused; one that is refused is settled once everything before it is, and its
/// letter is durable. On the sink's loop.
/// </summary>
internal sealed class WebhookDelivery(
    IWebhookPost post, IWebhookLedger ledger, WebhookCircuit circuit, WebhookBackoff backoff, WebhookLimits limits)
{
    private IReadOnlyList<SinkRow> _rows = [];
    private WebhookLanes _lanes = new([]);
    private Row[] _states = [];
    private int _settled;

    /// <summary>False where the ledger said that it is over.</summary>
    public async ValueTask<bool> DeliverAsync(IReadOnlyList<SinkRow> rows, CancellationToken cancellationToken)
    {
        (_rows, _lanes, _settled) = (rows, new WebhookLanes(rows), 0);
        _states = new Row[rows.Count];
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Sent>>();
        try
        {
            while (_settled < rows.Count)
            {
                Send(running, stop.Token);
                await WaitAsync(running, cancellationToken);
                for (var i = running.Count - 1; i >= 0; i--)
                {
                    if (running[i].IsCompleted)
                    {
                        var sent = running[i];
                        running.RemoveAt(i);
                        Take(await sent);
                    }
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
            await stop.CancelAsync();
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing
                | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private void Send(List<Task<Sent>> running, CancellationToken cancellationToken)
    {
        var now = limits.Now;
        while (now >= circuit.From && running.Count < circuit.Most(limits.Concurrency)
            && _lanes.Take(now) is { } lane)
        {
            running.Add(SendAsync(lane, cancellationToken));
        }
    }

    private async Task<Sent> SendAsync(Queue<int> lane, CancellationToken cancellationToken) =>
        new(lane, await post.SendAsync(_rows[lane.Peek()], cancellationToken));

    /// <summary>Until something was answered, or the time of something that waits has come.</summary>
    private async ValueTask WaitAsync(List<Task<Sent>> running, CancellationToken cancellationToken)
    {
        if (running.Count >= circuit.Most(limits.Concurrency) || _lanes.Next is not { } next)
        {
            await Task.WhenAny(running);
            return;
        }

        var pause = Math.Max(next, circuit.From) - limits.Now;
        if (pause <= 0)
        {
            return;
        }

        using var wake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var delay = Task.Delay(new TimeSpan(pause), limits.Time, wake.Token);
        await Task.WhenAny([delay, .. running]);
        await wake.CancelAsync();
        await delay.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing
            | ConfigureAwaitOptions.ContinueOnCapturedContext);
        cancellationToken.ThrowIfCancellationRequested();
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
            var state = _states[_settled];
            if (state.Last.Verdict == WebhookVerdict.Refused)
            {
                if (!await ledger.TryRefuseAsync(_rows[_settled], state.Last.Reason, cancellationToken))
                {
                    return false;
                }

                _lanes.Settle(state.Lane!);
            }

            ledger.Pass(_rows[_settled], state.Last.Verdict == WebhookVerdict.Delivered);
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
