namespace Pipeline.Replication.Loops;

/// <summary>Brings what a driver awaits back to its loop.</summary>
internal sealed class LoopContext(ILoop loop) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) =>
        loop.Post(static work => ((Callback)work!).Invoke(), new Callback(d, state));

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!loop.IsCurrent)
        {
            throw new NotSupportedException("a loop is never waited for: post instead");
        }

        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;

    private sealed class Callback(SendOrPostCallback run, object? state)
    {
        public void Invoke() => run(state);
    }
}
