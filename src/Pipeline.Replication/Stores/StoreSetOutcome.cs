namespace Pipeline.Replication.Stores;

/// <summary>How opening the stores ended.</summary>
public enum StoreSetResult
{
    /// <summary>A majority is there and agrees on who votes.</summary>
    Opened,

    /// <summary>Too few stores answer now: try again.</summary>
    Unavailable,

    /// <summary>A person must look: a newer version, another number of stores, fewer than a majority intact.</summary>
    Refused,
}

/// <summary>The result and, for people, the reason.</summary>
public readonly record struct StoreSetOutcome(StoreSetResult Result, string? Detail = null);
