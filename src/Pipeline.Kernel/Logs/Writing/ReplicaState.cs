namespace Pipeline.Kernel.Logs.Writing;

/// <summary>How a store takes part in the open segment.</summary>
internal enum ReplicaState : byte
{
    /// <summary>It gets every frame.</summary>
    Active,

    /// <summary>It was too slow or full: it gets no more frames of this segment; what it holds counts.</summary>
    Dropped,

    /// <summary>Its copy is gone or damaged: it counts for nothing.</summary>
    Lost,
}
