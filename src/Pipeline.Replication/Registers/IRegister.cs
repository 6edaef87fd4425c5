namespace Pipeline.Replication.Registers;

/// <summary>How a register operation ended.</summary>
public enum RegisterStatus
{
    /// <summary>The value is chosen (read: it is the register's value).</summary>
    Chosen,

    /// <summary>The change function returned null: nothing was proposed; the value is the register's.</summary>
    Declined,

    /// <summary>No majority answered in time. A proposal may yet be chosen, by this or another proposer.</summary>
    Unavailable,

    /// <summary>A majority of stores has no such register.</summary>
    NotBorn,
}

/// <summary>The outcome and, when Chosen or Declined, the register's value.</summary>
public readonly record struct RegisterOutcome(RegisterStatus Status, ReadOnlyMemory<byte> Value, string? Detail = null);

/// <summary>A small linearizable value on a majority of stores (CASPaxos; Rystsov, arXiv 1802.07000).</summary>
public interface IRegister
{
    /// <summary>A linearizable read.</summary>
    ValueTask<RegisterOutcome> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Changes the value: <paramref name="change"/> gets the current value and returns the next one, or null (or an
    /// empty one: a value never is) to leave it. It may be called several times, and after an unknown outcome may see
    /// its own earlier result: it must
    /// recognise that (compare a version in the value).
    /// </summary>
    ValueTask<RegisterOutcome> ProposeAsync(
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> change, CancellationToken cancellationToken);
}
