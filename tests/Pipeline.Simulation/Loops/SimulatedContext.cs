namespace Pipeline.Simulation.Loops;

/// <summary>Brings what a driver awaits back to its loop.</summary>
public sealed class SimulatedContext(SimulatedLoop loop) : SynchronizationContext
{
    public SimulatedLoop Loop { get; } = loop;

    public override void Post(SendOrPostCallback d, object? state) => Loop.Post(new Action<object?>(d), state);

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("Nothing may block on a loop.");

    public override SynchronizationContext CreateCopy() => this;
}
