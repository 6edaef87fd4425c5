using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Codecs;

/// <summary>
/// Heads the part of one request that went to one partition. The records (or the control payload) follow the handles.
/// </summary>
public readonly record struct PartHeader
{
    public PartKind Kind { get; init; }

    public HandleKind HandleKind { get; init; }

    /// <summary>Events in the part; 0 in control parts and in a home part without events.</summary>
    public int Count { get; init; }

    /// <summary>When the partition accepted it, in ticks UTC; monotone in a partition; stamped by its owner.</summary>
    public long AcceptedTime { get; init; }

    /// <summary>Key: hash of the key. Producer and Platform: hash of the producer's id. Event: unused.</summary>
    public Hash128 Handle { get; init; }

    /// <summary>
    /// Key and Producer: hash of the whole request's body, so that another body under one handle is seen.
    /// </summary>
    public Hash128 Body { get; init; }

    /// <summary>Producer: the request's sequence number. Platform: the generation.</summary>
    public long Sequence { get; init; }

    /// <summary>
    /// Platform: the origin of the last record that this producer sent to this partition before this part.
    /// </summary>
    public Origin Previous { get; init; }

    /// <summary>Platform: the origin of the part's last record.</summary>
    public Origin Last { get; init; }

    /// <summary>
    /// True on the handle's home partition, which keeps the producer's last number (and a key's body).
    /// </summary>
    public bool IsHome { get; init; }
}
