namespace Pipeline.Runtime.Pipelines;

/// <summary>Keeps events that may go until somebody has read them all. May be used from any thread.</summary>
public sealed class TrimHold
{
    private int _holders;

    public bool IsHeld => Volatile.Read(ref _holders) > 0;

    /// <summary>Nothing begins to go until this is disposed of.</summary>
    public IDisposable Take()
    {
        Interlocked.Increment(ref _holders);
        return new Holder(this);
    }

    private sealed class Holder(TrimHold hold) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                Interlocked.Decrement(ref hold._holders);
            }
        }
    }
}
