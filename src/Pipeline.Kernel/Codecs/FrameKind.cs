namespace Pipeline.Kernel.Codecs;

/// <summary>What a frame of a segment holds.</summary>
public enum FrameKind : byte
{
    /// <summary>A block: one or more parts (<see cref="PartCodec"/>).</summary>
    Data = 1,

    /// <summary>Everything the log remembers beside its events; heads every segment.</summary>
    State = 2,

    /// <summary>Nothing but a newer commit offset; written when a partition falls idle.</summary>
    Commit = 3,
}
