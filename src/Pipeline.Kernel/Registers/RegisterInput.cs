namespace Pipeline.Kernel.Registers;

/// <summary>What a <see cref="RegisterProposer"/> can be told.</summary>
public enum RegisterInputKind : byte
{
    // From its user: the start of one operation, only when none is running.
    Read,
    Change,
    Identity,
    Bear,
    Rejoin,

    /// <summary>From its user: the answer to a Decide effect, in the same turn.</summary>
    Decided,

    /// <summary>From its user: give up the operation that runs.</summary>
    Expired,

    // From a store.
    Got,
    Put,

    // From the clock.
    Resumed,
    StoreResumed,
}

/// <summary>One input.</summary>
public readonly record struct RegisterInput
{
    public RegisterInputKind Kind { get; private init; }

    /// <summary>The store's index.</summary>
    public int Store { get; private init; }

    public StoreAnswer Answer { get; private init; }

    /// <summary>The blob's version; with an answer that is Ok.</summary>
    public string? Version { get; private init; }

    /// <summary>The blob read, the initial value, or the value decided; null: declined.</summary>
    public ReadOnlyMemory<byte>? Content { get; private init; }

    /// <summary>Resumed: the token of the Pause.</summary>
    public int Token { get; private init; }

    /// <summary>A linearizable read.</summary>
    public static RegisterInput Read() => new() { Kind = RegisterInputKind.Read };

    /// <summary>A change of the value, by the function behind <see cref="RegisterEffectKind.Decide"/>.</summary>
    public static RegisterInput Change() => new() { Kind = RegisterInputKind.Change };

    /// <summary>Has the current value accepted again at a fresh ballot, so that abstaining stores can rejoin.</summary>
    public static RegisterInput Identity() => new() { Kind = RegisterInputKind.Identity };

    /// <summary>Installs the initial state where there is none; only before anything names the register.</summary>
    public static RegisterInput Bear(ReadOnlyMemory<byte> initial) =>
        new() { Kind = RegisterInputKind.Bear, Content = initial };

    /// <summary>An identity round that ends when <paramref name="store"/> holds the register as well.</summary>
    public static RegisterInput Rejoin(int store) => new() { Kind = RegisterInputKind.Rejoin, Store = store };

    public static RegisterInput Decided(ReadOnlyMemory<byte>? value) =>
        new() { Kind = RegisterInputKind.Decided, Content = value };

    public static RegisterInput Expired() => new() { Kind = RegisterInputKind.Expired };

    public static RegisterInput Got(int store, StoreAnswer answer, ReadOnlyMemory<byte> content, string? version) =>
        new() { Kind = RegisterInputKind.Got, Store = store, Answer = answer, Content = content, Version = version };

    public static RegisterInput Put(int store, StoreAnswer answer, string? version) =>
        new() { Kind = RegisterInputKind.Put, Store = store, Answer = answer, Version = version };

    public static RegisterInput Resumed(int token) => new() { Kind = RegisterInputKind.Resumed, Token = token };

    public static RegisterInput StoreResumed(int store) =>
        new() { Kind = RegisterInputKind.StoreResumed, Store = store };
}
