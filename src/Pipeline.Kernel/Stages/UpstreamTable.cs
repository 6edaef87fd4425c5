using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Stages;

/// <summary>
/// The watermarks of the stage instances that write the input, as its log says them. Each rises only; the minimum
/// waits for those that have said nothing, unless they left it.
/// </summary>
internal sealed class UpstreamTable
{
    private readonly Dictionary<Hash128, int> _index = [];
    private readonly UpstreamState[] _states;

    public UpstreamTable(IReadOnlyList<Hash128> producers)
    {
        _states = new UpstreamState[producers.Count];
        for (var i = 0; i < producers.Count; i++)
        {
            _index[producers[i]] = i;
            _states[i] = new UpstreamState(producers[i], 0, long.MinValue, false);
        }
    }

    public IReadOnlyList<UpstreamState> States => _states;

    public void Load(IEnumerable<UpstreamState> states)
    {
        foreach (var state in states)
        {
            if (_index.TryGetValue(state.Producer, out var i))
            {
                _states[i] = state;
            }
        }
    }

    public void Advance(Hash128 producer, long generation, long watermark)
    {
        if (_index.TryGetValue(producer, out var i) && generation >= _states[i].Generation)
        {
            _states[i] = new UpstreamState(
                producer, generation, Math.Max(watermark, _states[i].Watermark), IsOut: false);
        }
    }

    public void Leave(Hash128 producer, long generation)
    {
        if (_index.TryGetValue(producer, out var i) && generation >= _states[i].Generation)
        {
            _states[i] = _states[i] with { Generation = generation, IsOut = true };
        }
    }

    /// <summary>long.MinValue while one that takes part has said nothing, or none takes part.</summary>
    public long Minimum()
    {
        var minimum = long.MaxValue;
        foreach (var state in _states)
        {
            if (!state.IsOut)
            {
                minimum = Math.Min(minimum, state.Watermark);
            }
        }

        return minimum == long.MaxValue ? long.MinValue : minimum;
    }
}
