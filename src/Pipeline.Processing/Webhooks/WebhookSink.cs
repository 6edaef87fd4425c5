using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Processing.Sinks;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Webhooks;

/// <summary>
/// POSTs each event of one partition. At least once: the checkpoint follows what was answered, and what was answered
/// after it is sent again after a crash, each event under its own key, so that a target that knows the key takes it
/// once. An event that is not delivered is in the dead letters.
/// </summary>
internal sealed class WebhookSink : SinkInstance, IWebhookLedger
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(30);

    private readonly WebhookSinkSetup _setup;
    private readonly WebhookCircuit _circuit;
    private readonly WebhookBackoff _backoff;
    private readonly WebhookLimits _limits;
    private WebhookPost? _post;
    private long _delivered;
    private long _refused;
    private long _readTime;
    private long _saveDue;
    private bool _isHeldUp;

    public WebhookSink(WebhookSinkSetup setup)
        : base(setup)
    {
        _setup = setup;
        _backoff = new WebhookBackoff(setup.Settings.RetryDelay, setup.Random);
        _circuit = new WebhookCircuit(_backoff);
        _limits = new WebhookLimits(setup.Loop.Time, setup.Webhook.Concurrency, setup.Webhook.Attempts);
    }

    protected override StageCounts Counts => new(_delivered + _refused, _delivered, _refused, 0);

    protected override long ReadTime => _readTime;

    protected override TimeSpan Wait => IsSaved ? IdleWait : _setup.Settings.CheckpointInterval;

    private bool IsSaved => Cursor <= _setup.Checkpoints.Durable.Cursor;

    protected override async ValueTask<bool> TryEnterAsync(ReadOnlyMemory<byte> mark)
    {
        Cursor = _setup.Checkpoints.Durable.Cursor;
        Reach(Cursor);
        if (!await TryOpenAsync(_setup.Letters))
        {
            return false;
        }

        _saveDue = NextSave();
        _post = new WebhookPost(
            _setup.Webhook, _setup.Settings.WebhookHosts, _setup.Identity(), _setup.Loop.Time);
        return true;
    }

    protected override ValueTask<bool> TakeAsync(IReadOnlyList<LogBlock> blocks)
    {
        var rows = new List<SinkRow>();
        var next = Cursor;
        foreach (var block in blocks)
        {
            next = SinkRow.Add(block, next, rows);
        }

        return new WebhookDelivery(_post!, this, _circuit, _backoff, _limits).DeliverAsync(rows, Ending);
    }

    protected override ValueTask<bool> SkipAsync(long first)
    {
        Cursor = first;
        return ValueTask.FromResult(true);
    }

    protected override async ValueTask<bool> CheckAsync()
    {
        if (IsSaved || Elapsed < _saveDue)
        {
            return true;
        }

        _saveDue = NextSave();
        return await TrySaveAsync();
    }

    protected override ValueTask LeaveAsync()
    {
        _post?.Dispose();
        _post = null;
        return default;
    }

    protected override (StageInstanceState State, string Reason)? Explain(Exception error) =>
        error is SinkTargetException target ? target.Said : null;

    protected override string Beyond(LogOffset committed) =>
        $"its checkpoint is at {Cursor}, {_setup.Input.Id} ends at {committed}: it is another stream's";

    async ValueTask<bool> IWebhookLedger.TryRefuseAsync(
        SinkRow row, string reason, int attempts, CancellationToken cancellationToken)
    {
        if (await _setup.Letters.TryWriteAsync(row, reason, cancellationToken, attempts))
        {
            return true;
        }

        Overtake();
        return false;
    }

    void IWebhookLedger.Pass(SinkRow row, bool isDelivered)
    {
        Cursor = row.Offset + 1;
        Succeed();
        _delivered += isDelivered ? 1 : 0;
        _refused += isDelivered ? 0 : 1;
        _readTime = row.AcceptedTime;
    }

    ValueTask<bool> IWebhookLedger.TryKeepAsync(CancellationToken cancellationToken) => CheckAsync();

    void IWebhookLedger.Tell((SinkRow Row, int Attempts, WebhookAnswer Last)? trouble)
    {
        if (trouble is not { } some)
        {
            if (_isHeldUp)
            {
                Resume();
            }
        }
        else
        {
            var reason = $"target: offset {some.Row.Offset}, attempt {some.Attempts}: {some.Last.Reason}";
            if (some.Last.NeedsPerson)
            {
                Refuse(reason);
            }
            else
            {
                Block(reason);
            }
        }

        _isHeldUp = trouble is not null;
        Publish();
    }

    private long NextSave() => Elapsed + _setup.Settings.CheckpointInterval.Ticks;
}
