namespace Pipeline.Kernel.Logs;

/// <summary>The effects of one or more steps, in order. The driver owns it: carries them out, then clears it.</summary>
public sealed class LogEffects
{
    private readonly List<LogEffect> _effects = new(32);

    public int Count => _effects.Count;

    public LogEffect this[int index] => _effects[index];

    public void Add(in LogEffect effect) => _effects.Add(effect);

    public void Clear() => _effects.Clear();
}
