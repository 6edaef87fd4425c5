namespace Pipeline.Kernel.Registers;

/// <summary>All that a <see cref="RegisterProposer"/> can do to the world.</summary>
public enum RegisterEffectKind : byte
{
    /// <summary>Read the register's blob on a store; answer with Got.</summary>
    Get,

    /// <summary>Write it, if it has the version named (none: if it is absent); answer with Put.</summary>
    Put,

    /// <summary>Ask the change function what follows the value; answer with Decided in the same turn.</summary>
    Decide,

    /// <summary>A store did not answer: wait a little, longer with each attempt; then StoreResumed.</summary>
    PauseStore,

    /// <summary>Outbid: wait a random time, longer with each attempt; then Resumed with the token.</summary>
    BackOff,

    /// <summary>Stores disagree and some have not answered: give them a moment; then Resumed with the token.</summary>
    AwaitStragglers,

    /// <summary>The operation ended.</summary>
    Complete,
}

/// <summary>How an operation ended.</summary>
public enum RegisterResult : byte
{
    /// <summary>The value is chosen; of a read: it is the register's value.</summary>
    Chosen,

    /// <summary>The change function had nothing to change; the value is the register's.</summary>
    Declined,

    /// <summary>Too few stores answered, or hold the register whole. A proposal may yet be chosen.</summary>
    Unavailable,

    /// <summary>A majority has no such register.</summary>
    NotBorn,

    /// <summary>Born already, with another initial value: two programs disagree.</summary>
    BornOtherwise,
}

/// <summary>One effect.</summary>
public readonly record struct RegisterEffect
{
    public RegisterEffectKind Kind { get; init; }

    /// <summary>The store's index.</summary>
    public int Store { get; init; }

    /// <summary>Put: the state to write.</summary>
    public RegisterState State { get; init; }

    /// <summary>Put: the version to replace; null: the blob must be absent.</summary>
    public string? Version { get; init; }

    /// <summary>Decide: the value to start from. Complete: the register's value.</summary>
    public ReadOnlyMemory<byte> Value { get; init; }

    public RegisterResult Result { get; init; }

    /// <summary>Pauses: how often in a row, from 0.</summary>
    public int Attempt { get; init; }

    /// <summary>BackOff, AwaitStragglers: to be given back.</summary>
    public int Token { get; init; }
}
