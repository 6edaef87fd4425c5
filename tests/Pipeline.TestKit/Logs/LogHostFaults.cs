using Pipeline.Kernel.Identity;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Registers;
using Pipeline.Storage.Blobs;

namespace Pipeline.TestKit.Logs;

/// <summary>
/// An exception that is thrown once, at a place that a log's driver calls: a register, its host, a loop.
/// </summary>
public sealed class LogHostFaults(string place)
{
    private int _left;

    public bool WasThrown { get; private set; }

    /// <summary>From now on, the next time that the place is reached.</summary>
    public void Arm() => Volatile.Write(ref _left, 1);

    public void On(string reached)
    {
        if (reached == place && Interlocked.Exchange(ref _left, 0) == 1)
        {
            WasThrown = true;
            throw new InvalidOperationException("planned");
        }
    }
}

/// <summary>Registers that throw.</summary>
public sealed class FaultyRegisters(IRegisters registers, LogHostFaults faults) : IRegisters
{
    public ValueTask<RegisterOutcome> BearAsync(
        BlobName name, ReadOnlyMemory<byte> initial, CancellationToken cancellationToken) =>
        registers.BearAsync(name, initial, cancellationToken);

    public ValueTask<RegisterOutcome> RejoinAsync(
        BlobName name, IBlobStore target, CancellationToken cancellationToken) =>
        registers.RejoinAsync(name, target, cancellationToken);

    public IRegister Open(BlobName name) => new FaultyRegister(registers.Open(name), faults);

    private sealed class FaultyRegister(IRegister register, LogHostFaults faults) : IRegister
    {
        public ValueTask<RegisterOutcome> ReadAsync(CancellationToken cancellationToken)
        {
            faults.On("ReadManifest");
            return register.ReadAsync(cancellationToken);
        }

        public ValueTask<RegisterOutcome> ProposeAsync(
            Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> change, CancellationToken cancellationToken)
        {
            faults.On("ProposeManifest");
            return register.ProposeAsync(change, cancellationToken);
        }
    }
}

/// <summary>A loop that throws where work is posted to it.</summary>
public sealed class FaultyLoop(ILoop loop, LogHostFaults faults) : ILoop
{
    public TimeProvider Time => loop.Time;

    public Supervisor Supervisor => loop.Supervisor;

    public bool IsCurrent => loop.IsCurrent;

    public void Post(Action<object?> work, object? state)
    {
        faults.On("Hash");
        loop.Post(work, state);
    }
}
