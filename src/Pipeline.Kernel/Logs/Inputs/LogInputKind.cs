using Pipeline.Kernel.Logs.Owning;

namespace Pipeline.Kernel.Logs.Inputs;

/// <summary>What can happen to a log, sorted by who says it.</summary>
public enum LogInputKind : byte
{
    /// <summary>Host: take the log over.</summary>
    Start,

    /// <summary>Host: stop for good.</summary>
    Stop,

    /// <summary>Host: these stores vote from now on.</summary>
    Members,

    /// <summary>Client: append a part.</summary>
    Append,

    /// <summary>Client: nothing before an offset is needed any more.</summary>
    Trim,

    /// <summary>Client: go on to a new segment, because this one is to go one day.</summary>
    Roll,

    /// <summary>Driver: what arrived together is in; close a block if one may be closed.</summary>
    Pump,

    /// <summary>Driver: a frame is encoded; its length is known.</summary>
    Encoded,

    /// <summary>Clock: time has passed (<see cref="LogMachine.NextTick"/>).</summary>
    Tick,

    /// <summary>Register: the manifest as read.</summary>
    ManifestRead,

    /// <summary>Register: the outcome of a proposal and the manifest as it is now.</summary>
    ManifestProposed,

    /// <summary>Store: the outcome of creating a segment's blob.</summary>
    Created,

    /// <summary>Store: the outcome of an append.</summary>
    Appended,

    /// <summary>Store: what lies where an append did not fit.</summary>
    Compared,

    /// <summary>Store: a copy was sealed and read.</summary>
    Copied,

    /// <summary>Store: a segment was read into a deduplication state.</summary>
    Loaded,

    /// <summary>Store: the outcome of writing a repair blob.</summary>
    Fixed,

    /// <summary>Stores: an index blob is on a majority.</summary>
    Indexed,

    /// <summary>Driver: the hash of a segment's bytes.</summary>
    Hashed,
}
