namespace Pipeline.Kernel.Codecs;

/// <summary>What a part of a block says.</summary>
public enum PartKind : byte
{
    /// <summary>Events, each with an offset.</summary>
    Events = 1,

    /// <summary>"No earlier event will come", said by a person (POST …/watermark). Takes no offset.</summary>
    Watermark = 2,

    /// <summary>The watermark of one upstream stage instance, on an exchange. Takes no offset.</summary>
    UpstreamWatermark = 3,

    /// <summary>
    /// An upstream stage instance, named by its producer, joins or leaves the minimum. Takes no offset.
    /// </summary>
    UpstreamState = 4,

    /// <summary>An idle ingest partition moves on to the others' watermark. Takes no offset.</summary>
    Heartbeat = 5,
}
