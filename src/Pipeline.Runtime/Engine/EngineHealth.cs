using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Engine;

/// <summary>A snapshot for GET /health and for people.</summary>
/// <param name="State">What the engine is doing.</param>
/// <param name="IsAccepting">Whether events are accepted: it runs, and every partition serves.</param>
/// <param name="Stores">One per configured slot, in order.</param>
/// <param name="PartitionsServing">Partitions that accept appends.</param>
/// <param name="Partitions">Partitions there are.</param>
/// <param name="Detail">Why it does not accept; null where it does.</param>
public sealed record EngineHealth(
    EngineState State,
    bool IsAccepting,
    IReadOnlyList<StoreHealth> Stores,
    int PartitionsServing,
    int Partitions,
    string? Detail);

/// <summary>One configured store.</summary>
/// <param name="Slot">Its configured name.</param>
/// <param name="Id">Its incarnation, where it has one that votes.</param>
/// <param name="IsVoting">Whether the membership names it.</param>
/// <param name="Detail">What is wrong; null where nothing is.</param>
public sealed record StoreHealth(string Slot, StoreId? Id, bool IsVoting, string? Detail);
