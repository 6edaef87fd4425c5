using System.Diagnostics;
using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.Kernel.Stages.Delivering;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;
using Pipeline.Replication.Tracing;

namespace Pipeline.Processing.Stages;

/// <summary>Carries to one target partition what is to be sent and said there, one thing after the other.</summary>
internal sealed class OutletSender
{
    private readonly StageInstance _owner;
    private readonly StageLayout _layout;
    private readonly IPartition _target;
    private readonly Action<OutletReply, Origin> _answer;
    private readonly Func<Task> _send;
    private readonly Action<Exception> _onFault;
    private DeliveryEffect? _next;
    private AppendOutcome? _outcome;
    private Activity? _span;
    private bool _isSending;

    /// <param name="owner">What it belongs to.</param>
    /// <param name="layout">Whose outputs they are.</param>
    /// <param name="target">Where they go.</param>
    /// <param name="answer">Told what the target answered; may give the next thing to send at once.</param>
    public OutletSender(
        StageInstance owner, StageLayout layout, IPartition target, Action<OutletReply, Origin> answer)
    {
        (_owner, _layout, _target, _answer) = (owner, layout, target, answer);
        _send = SendAsync;
        _onFault = error => _owner.Fault($"sending to {_target.Id}", error);
        owner.Ended.UnsafeRegister(static self => ((OutletSender)self!).EndSpan(), this);
    }

    /// <summary>Learns what the target holds of this producer; null where it did not answer.</summary>
    public async ValueTask<Origin?> OpenAsync(CancellationToken cancellationToken)
    {
        var outcome = await _target.OpenProducerAsync(_layout.Producer, _layout.Generation, cancellationToken);
        switch (ReplyOf(outcome.Status))
        {
            case OutletReply.Held:
                return outcome.Last;
            case OutletReply.Fenced:
                Fence();
                return null;
            default:
                return null;
        }
    }

    /// <summary>Sends or says it; nothing else is under way.</summary>
    public void Carry(in DeliveryEffect effect)
    {
        _next = effect;
        if (!_isSending)
        {
            LoopTasks.Start(_send, _onFault);
        }
    }

    /// <summary>The part is at home.</summary>
    public void EndSpan()
    {
        _span?.Dispose();
        _span = null;
    }

    public void Refuse() => _owner.Waits($"{_target.Id} answers {_outcome!.Status}: {_outcome.Detail}");

    public void Fence() => _owner.Fence($"partition {_target.Id} has met a later generation of this stage");

    public void FailAsNotMadeAgain() =>
        _owner.Fail($"stage not deterministic: {_target.Id} holds an output that was not made again");

    public void FailAsDiverged(Origin held, Origin previous) => _owner.Fail(
        $"stage not deterministic: {_target.Id} holds its outputs through ({held.Offset}, {held.Ordinal}), the next "
            + $"ones follow ({previous.Offset}, {previous.Ordinal})");

    private static OutletReply ReplyOf(AppendStatus status) => status switch
    {
        AppendStatus.Appended or AppendStatus.Duplicate => OutletReply.Held,
        AppendStatus.ProducerFenced => OutletReply.Fenced,
        AppendStatus.ProducerMismatch => OutletReply.Mismatch,
        _ => OutletReply.Unknown,
    };

    private async Task SendAsync()
    {
        _isSending = true;
        try
        {
            while (_next is { } effect && !_owner.HasEnded)
            {
                _next = null;
                var outcome = await _target.AppendAsync(RequestOf(effect), _owner.Ended);
                _outcome = outcome;
                _answer(ReplyOf(outcome.Status), outcome.Last);
            }
        }
        finally
        {
            _isSending = false;
        }
    }

    private AppendRequest RequestOf(in DeliveryEffect effect)
    {
        if (effect.Part is not { } part)
        {
            return UpstreamWord.Of(_layout, effect.Time);
        }

        if (effect.Kind == DeliveryEffectKind.Send)
        {
            _span = EventSpans.Append(part.Trace, _target.Id, part.Header.Count);
            PartCodec.WriteTrace(part.Bytes.Span, TraceContexts.Of(_span));
        }
        else if (_span is not null)
        {
            Activity.Current = _span;
        }

        return new AppendRequest { Header = part.Header, Part = part.Bytes };
    }
}
