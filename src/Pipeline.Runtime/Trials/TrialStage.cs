using Pipeline.Kernel.Stages;
using Pipeline.Processing.Instances;
using Pipeline.Processing.Stages;

namespace Pipeline.Runtime.Trials;

/// <summary>
/// A stage instance of a trial: the kernel's machine, given each block as it comes; its outputs go to their partitions
/// at once, and its watermark behind them, where stages read them.
/// </summary>
internal sealed class TrialStage : IInstance
{
    private readonly TrialLoop _loop;
    private readonly StageLayout _layout;
    private readonly TrialPartition _input;
    private readonly TrialPartition[] _targets;
    private readonly bool[] _isAwaited;
    private readonly long[] _said;
    private readonly StageMachine _machine;
    private int _next;

    /// <param name="loop">The trial's clock.</param>
    /// <param name="layout">What it does.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="targets">The partitions of each of the layout's targets.</param>
    /// <param name="feedsStages">Whether stages read a target.</param>
    public TrialStage(
        TrialLoop loop,
        StageLayout layout,
        TrialPartition input,
        IReadOnlyList<IReadOnlyList<TrialPartition>> targets,
        Func<int, bool> feedsStages)
    {
        (_loop, _layout, _input) = (loop, layout, input);
        _machine = new StageMachine(layout);
        _targets = [.. _machine.Outlets.Select(outlet => targets[outlet.Target][outlet.Partition])];
        _isAwaited = [.. _machine.Outlets.Select(outlet =>
            layout.Nodes.Any(node => node.Output == outlet.Target) && feedsStages(outlet.Target))];
        _said = [.. _machine.Outlets.Select(static _ => long.MinValue)];
    }

    /// <summary>Why it stopped; null: it did not.</summary>
    public string? Failure => _machine.Failure;

    /// <summary>Event time before which nothing is expected; null before any is known.</summary>
    public long? Watermark => _machine.Watermark == long.MinValue ? null : _machine.Watermark;

    public long? DurableCursor => _machine.Cursor.Offset;

    public bool IsOvertaken => false;

    public StageInstanceStatus Status => new StageInstanceStatus
    {
        Stage = _layout.Nodes[0].Name,
        Input = _layout.InputStream,
        Partition = _layout.Partition,
        State = Failure is null ? StageInstanceState.Running : StageInstanceState.Failed,
        Cursor = _machine.Cursor.Offset,
        ReadTime = _machine.AcceptedTime,
        Watermark = Watermark,
        Counts = default,
        Error = Failure,
        Reported = _loop.Now,
    }.Against(_input.Status);

    /// <summary>Processes what has come; whether there was something.</summary>
    public bool Work()
    {
        var first = _next;
        for (; _next < _input.Blocks.Count && Failure is null; _next++)
        {
            var block = _input.Blocks[_next].Block;
            do
            {
                _machine.TryStep(new StageInput
                {
                    Segment = block.Position.Segment,
                    Block = block.Position.Block,
                    First = block.First.Value,
                    Payload = block.Payload.Span,
                });
                Deliver();
            }
            while (_machine.IsWithinBlock && Failure is null);
        }

        return _next > first;
    }

    public void Leave()
    {
        for (var i = 0; i < _targets.Length; i++)
        {
            if (_isAwaited[i] && _said[i] == long.MinValue)
            {
                _targets[i].Append(UpstreamWord.Of(_layout, _machine.OutputWatermark(_machine.Outlets[i].Target)));
            }
        }
    }

    public void Start()
    {
    }

    public Task EndedAsync() => Task.CompletedTask;

    public ValueTask<bool> StopAsync(bool withCheckpoint, CancellationToken cancellationToken) =>
        ValueTask.FromResult(true);

    public ValueTask<CutResult> CutAsync(CutOrder order, CancellationToken cancellationToken) =>
        throw new NotSupportedException("a trial's definition does not change");

    private void Deliver()
    {
        for (var i = 0; i < _targets.Length; i++)
        {
            var outlet = _machine.Outlets[i];
            while (outlet.Take() is { } part)
            {
                _targets[i].Append(new() { Header = part.Header, Part = part.Bytes });
                _machine.Recycle(part);
            }

            if (_isAwaited[i] && !_machine.IsWithinBlock
                && _machine.OutputWatermark(outlet.Target) is var watermark && watermark > _said[i])
            {
                _said[i] = watermark;
                _targets[i].Append(UpstreamWord.Of(_layout, watermark));
            }
        }
    }
}
