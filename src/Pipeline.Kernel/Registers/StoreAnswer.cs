namespace Pipeline.Kernel.Registers;

/// <summary>How a store answered a get or a put of a register blob.</summary>
public enum StoreAnswer : byte
{
    Ok,

    /// <summary>No such blob.</summary>
    Absent,

    /// <summary>The put's condition did not hold; nothing was written.</summary>
    Conflict,

    /// <summary>No answer: the put may have been carried out, or may yet be.</summary>
    Unknown,

    /// <summary>The store is not the one it was: it does not vote.</summary>
    Lost,
}
