namespace Pipeline.Kernel.Codecs;

/// <summary>What a record carries beside its value.</summary>
[Flags]
public enum RecordFlags : byte
{
    None = 0,

    /// <summary>A partition key.</summary>
    Key = 1,

    /// <summary>CloudEvents attributes, one JSON object.</summary>
    Attributes = 2,

    /// <summary>An event time of its own (stage outputs: their System.Timestamp).</summary>
    Time = 4,

    /// <summary>
    /// The input it was made from: (input offset, ordinal), and the one before it for this partition.
    /// </summary>
    Origin = 8,
}
