using System.Buffers;

namespace Pipeline.Kernel.Stages;

/// <summary>The operators of a stage instance, parents before children.</summary>
internal sealed class FusedOperators
{
    private readonly FusedOperator[] _all;
    private readonly FusedOperator[] _roots;

    public FusedOperators(StageLayout layout, StageEmitter emitter)
    {
        _all = new FusedOperator[layout.Nodes.Count];
        for (var i = 0; i < _all.Length; i++)
        {
            var node = layout.Nodes[i];
            var parent = node.Parent < 0 ? null : _all[node.Parent];
            _all[i] = new FusedOperator(node, parent, emitter, layout.MaxStateBytes);
        }

        _roots = [.. _all.Where(static fused => fused.Node.Parent < 0)];
    }

    /// <summary>About how many bytes of memory the states take together.</summary>
    public long StateBytes
    {
        get
        {
            var bytes = 0L;
            foreach (var fused in _all)
            {
                bytes += fused.Operator.StateBytes;
            }

            return bytes;
        }
    }

    public void Process(in StageRecord record)
    {
        foreach (var root in _roots)
        {
            root.Process(record);
        }
    }

    public void Advance(long watermark)
    {
        foreach (var fused in _all)
        {
            fused.Advance(watermark);
        }
    }

    /// <summary>
    /// Event time before which a target gets no more records, where the instance's watermark is this: of several
    /// operators that write it, the one furthest behind says it.
    /// </summary>
    public long OutputWatermark(int target, long watermark)
    {
        var lateness = -1L;
        foreach (var fused in _all)
        {
            if (fused.Node.Output == target)
            {
                lateness = Math.Max(lateness, fused.OutputLateness);
            }
        }

        return lateness < 0 ? long.MinValue : FusedOperator.Behind(watermark, lateness);
    }

    /// <summary>Gives each operator the state that was saved under its name and fingerprint.</summary>
    public void Load(IReadOnlyList<OperatorState> states)
    {
        foreach (var fused in _all)
        {
            foreach (var saved in states)
            {
                if (saved.Name == fused.Node.Name && saved.Fingerprint == fused.Node.Fingerprint)
                {
                    fused.Operator.Load(saved.State.Span);
                }
            }
        }
    }

    public OperatorState[] Save() => [.. _all.Select(static fused =>
    {
        var state = new ArrayBufferWriter<byte>();
        fused.Operator.Save(state);
        return new OperatorState(fused.Node.Name, fused.Node.Fingerprint, state.WrittenMemory);
    })];
}
