using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Engine;

/// <summary>A snapshot for GET /health and for people.</summary>
/// <param name="State">What the engine is doing.</param>
/// <param name="IsAccepting">
/// Whether events are accepted: it runs, and every partition serves but those that a change has just added.
/// </param>
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
    string? Detail)
{
    /// <summary>
    /// All that is looked at, each with its status: <c>engine</c>, <c>partitions</c>, a <c>store NAME</c> for each,
    /// <c>copies</c> (every partition writes to every store that votes), and what failed unexpectedly and does not work
    /// again yet. Empty where nobody asked.
    /// </summary>
    public IReadOnlyList<HealthCheck> Checks { get; init; } = [];

    /// <summary>Failed: no events are accepted. Degraded: they are, and somebody should look.</summary>
    public HealthStatus Status => !IsAccepting ? HealthStatus.Failed
        : Checks.Any(static check => check.Status != HealthStatus.Ok) ? HealthStatus.Degraded
        : HealthStatus.Ok;
}

/// <summary>One configured store.</summary>
/// <param name="Slot">Its configured name.</param>
/// <param name="Id">Its incarnation, where it has one that votes.</param>
/// <param name="IsVoting">Whether the membership names it.</param>
/// <param name="Detail">What is wrong; null where nothing is.</param>
public sealed record StoreHealth(string Slot, StoreId? Id, bool IsVoting, string? Detail);
