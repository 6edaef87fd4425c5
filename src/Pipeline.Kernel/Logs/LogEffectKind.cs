using Pipeline.Kernel.Logs.Owning;

namespace Pipeline.Kernel.Logs;

/// <summary>Everything a log can do to the world.</summary>
public enum LogEffectKind : byte
{
    /// <summary>Read the manifest's register; answer with ManifestRead.</summary>
    ReadManifest,

    /// <summary>
    /// Propose <see cref="LogEffect.Manifest"/> if the register's version is one lower; answer with ManifestProposed.
    /// </summary>
    ProposeManifest,

    /// <summary>Create a segment's blob on a store; answer with Created.</summary>
    Create,

    /// <summary>Seal a segment's blob on a store, then read and scan it there; answer with Copied.</summary>
    SealAndRead,

    /// <summary>
    /// Read the first <see cref="LogEffect.Length"/> bytes of a segment from a store; answer with Loaded.
    /// </summary>
    Load,

    /// <summary>Read <see cref="LogEffect.Closed"/> from any store, hash checked; answer with Loaded.</summary>
    LoadClosed,

    /// <summary>
    /// Write a repair blob on <see cref="LogEffect.Store"/> with the bytes [Position, Length) of a segment, taken from
    /// <see cref="LogEffect.Source"/>; a blob that covers more stays; answer with Fixed.
    /// </summary>
    Fix,

    /// <summary>Put an index blob on a majority; answer with Indexed.</summary>
    StoreIndex,

    /// <summary>Hash the first Length bytes of the open segment; answer with Hashed.</summary>
    Hash,

    /// <summary>
    /// Put a part into the next frame: all of it, or only the events in <see cref="LogEffect.Kept"/>.
    /// </summary>
    AddPart,

    /// <summary>
    /// The next frame is complete: encode it (state frames: <see cref="LogMachine.SaveState"/>) with this kind, first
    /// offset, count, commit offset and time, and answer at once with Encoded.
    /// </summary>
    EncodeFrame,

    /// <summary>
    /// Append the bytes from <see cref="LogEffect.Position"/> to the end of frame FrameEnd − 1 on a store; the first
    /// lies in frame Frame; answer with Appended.
    /// </summary>
    Append,

    /// <summary>
    /// Read from Position to <see cref="LogEffect.Length"/> on a store and compare with the frames' bytes, and make
    /// sure that they are durable there; answer with Compared.
    /// </summary>
    Compare,

    /// <summary>All frames before <see cref="LogEffect.FrameEnd"/> are committed, and so is the offset First.</summary>
    Committed,

    /// <summary>No store needs the frames before FrameEnd any more.</summary>
    Release,

    /// <summary>Answer an append; its buffer is not needed any more.</summary>
    Reply,

    /// <summary>A segment is open and appends are accepted.</summary>
    Opened,

    /// <summary>
    /// Delete the blobs of all segments whose number is at least Position and below Length; nothing waits for it.
    /// </summary>
    Delete,

    /// <summary>Delete the whole chain of index blobs; nothing waits for it.</summary>
    DeleteIndex,

    /// <summary>A store is left out of the open segment; for people and metrics.</summary>
    Dropped,

    /// <summary>The partition has stopped for good, because it was asked to.</summary>
    Stopped,

    /// <summary>Somebody else owns the log. The partition has stopped for good.</summary>
    Fenced,

    /// <summary>Something that must not happen did. The partition has stopped for good.</summary>
    Alarm,
}
