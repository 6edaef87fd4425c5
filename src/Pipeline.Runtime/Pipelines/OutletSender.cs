using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.Runtime.Partitions;
using Pipeline.Runtime.Tracing;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Sends what a stage instance makes for one target partition: one part at a time, in order, the same part until its
/// outcome is known; after the records, the watermark that covers them.
/// </summary>
internal sealed class OutletSender
{
    private readonly StageInstance _owner;
    private readonly StageMachine _machine;
    private readonly IPartition _target;
    private readonly StageLayout _layout;
    private readonly bool _isOutput;
    private long _watermark = long.MinValue;
    private long _watermarkDue;
    private bool _isBusy;
    private bool _leaves;

    public OutletSender(
        StageInstance owner, StageMachine machine, StageLayout layout, StageOutlet outlet, IPartition target)
    {
        (_owner, _machine, _layout, _target) = (owner, machine, layout, target);
        Outlet = outlet;
        Committed = outlet.Last;
        _isOutput = layout.Nodes.Any(node => node.Output == outlet.Target);
    }

    public StageOutlet Outlet { get; }

    /// <summary>Everything made through here is durable in the target.</summary>
    public Origin Committed { get; private set; }

    /// <summary>Bytes made and not committed.</summary>
    public long UncommittedBytes => Outlet.PendingBytes + InFlightBytes;

    private long InFlightBytes { get; set; }

    /// <summary>Learns what the target holds of this producer; false where it did not answer.</summary>
    public async ValueTask<bool> OpenAsync(CancellationToken cancellationToken)
    {
        var outcome = await _target.OpenProducerAsync(_layout.Producer, _layout.Generation, cancellationToken);
        switch (outcome.Status)
        {
            case AppendStatus.Appended or AppendStatus.Duplicate:
                _machine.Resume(Outlet, outcome.Last);
                Committed = outcome.Last;
                return true;
            case AppendStatus.ProducerFenced:
                _owner.Fence($"partition {_target.Id} has met a later generation of this stage");
                return false;
            default:
                return false;
        }
    }

    /// <summary>Tells the readers of the target not to wait for this instance, which never had input.</summary>
    public void Leave()
    {
        _leaves = _isOutput && _watermark == long.MinValue;
        Pump();
    }

    /// <summary>Sends what there is, unless it does already.</summary>
    public void Pump()
    {
        if (!_isBusy && (Outlet.HasPending || HasWord()))
        {
            _isBusy = true;
            _ = SendAllAsync();
        }
    }

    /// <summary>Whether readers of the target do not know the watermark yet.</summary>
    public bool OwesWatermark => _isOutput && _machine.OutputWatermark(Outlet.Target) > _watermark
        && _owner.FeedsStages(Outlet.Target);

    private bool HasWord() => _leaves || (OwesWatermark && _owner.Elapsed >= _watermarkDue);

    private async Task SendAllAsync()
    {
        try
        {
            while (!_owner.HasEnded)
            {
                if (Outlet.Take() is { } part)
                {
                    await SendAsync(part);
                }
                else if (HasWord())
                {
                    await SendWordAsync();
                }
                else
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The instance ends.
        }
        catch (Exception error)
        {
            _owner.Fail($"sending to {_target.Id}: {error.Message}");
        }
        finally
        {
            _isBusy = false;
            _owner.Progressed();
        }
    }

    private async Task SendAsync(OutputPart part)
    {
        InFlightBytes = part.Bytes.Length;
        using var span = EventSpans.Append(part.Trace, _target.Id, part.Header.Count);
        PartCodec.WriteTrace(part.Bytes.Span, TraceContexts.Of(span));
        var request = new AppendRequest { Header = part.Header, Part = part.Bytes };
        while (!_owner.HasEnded)
        {
            var outcome = await _target.AppendAsync(request, _owner.Ended);
            switch (outcome.Status)
            {
                case AppendStatus.Appended or AppendStatus.Duplicate:
                    Committed = part.Header.Last;
                    InFlightBytes = 0;
                    _machine.Recycle(part);
                    _owner.Progressed();
                    return;
                case AppendStatus.ProducerFenced:
                    _owner.Fence($"partition {_target.Id} has met a later generation of this stage");
                    return;
                case AppendStatus.ProducerMismatch when Committed < outcome.Last && outcome.Last < part.Header.Last:
                    if (PartTrimmer.After(part, outcome.Last) is not { } rest)
                    {
                        _owner.Fail($"stage not deterministic: {_target.Id} holds an output that was not made again");
                        return;
                    }

                    request = new AppendRequest { Header = rest.Header, Part = rest.Bytes };
                    break;
                case AppendStatus.ProducerMismatch:
                    _owner.Fail($"stage not deterministic: {_target.Id} holds its outputs through ("
                        + $"{outcome.Last.Offset}, {outcome.Last.Ordinal}), the next ones follow ("
                        + $"{part.Header.Previous.Offset}, {part.Header.Previous.Ordinal})");
                    return;
                default:
                    _owner.Waits($"{_target.Id} answers {outcome.Status}: {outcome.Detail}");
                    await _owner.PauseAsync();
                    break;
            }
        }
    }

    private async Task SendWordAsync()
    {
        var watermark = _machine.OutputWatermark(Outlet.Target);
        var leaves = _leaves && watermark == long.MinValue;
        _leaves = false;
        var kind = leaves ? PartKind.UpstreamState : PartKind.UpstreamWatermark;
        var header = new PartHeader { Kind = kind, HandleKind = HandleKind.None };
        var size = PartCodec.HeaderSize(HandleKind.None, 0);
        var part = new byte[size + StageControl.UpstreamSize];
        PartCodec.WriteHeader(header, [], StageControl.UpstreamSize, part);
        StageControl.WriteUpstream(part.AsSpan(size), _layout.Producer, _layout.Generation, leaves ? 0 : watermark);
        var outcome = await _target.AppendAsync(new AppendRequest { Header = header, Part = part }, _owner.Ended);
        _watermarkDue = _owner.Elapsed + StageCheckpoints.WatermarkPause;
        if (outcome.Status == AppendStatus.Appended)
        {
            _watermark = Math.Max(_watermark, watermark);
        }
        else
        {
            _leaves |= leaves;
            await _owner.PauseAsync();
        }
    }
}
