using Pipeline.Kernel.Identity;

namespace Pipeline.Replication.Stores;

/// <summary>What a configured store is doing.</summary>
public enum StorePhase
{
    /// <summary>Not looked at yet.</summary>
    Unknown,

    /// <summary>It answers, and its incarnation votes.</summary>
    Up,

    /// <summary>It does not answer, or refuses writes.</summary>
    Unavailable,

    /// <summary>Its contents are gone or in doubt; it does not count.</summary>
    Lost,

    /// <summary>A new incarnation is being filled.</summary>
    Rejoining,
}

/// <summary>One configured store, for /health and for people.</summary>
/// <param name="Slot">Its configured name.</param>
/// <param name="Id">The incarnation that votes for it.</param>
/// <param name="Phase">What it is doing.</param>
/// <param name="Detail">What is wrong, or how far it is; null where nothing is.</param>
public sealed record StoreStatus(string Slot, StoreId Id, StorePhase Phase, string? Detail);
