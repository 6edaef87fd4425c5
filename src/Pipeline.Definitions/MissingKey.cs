namespace Pipeline.Definitions;

/// <summary>What becomes of an event without the stream's key.</summary>
public enum MissingKey
{
    /// <summary>The request is refused (422), the line named.</summary>
    Refuse,

    /// <summary>It is spread over the partitions like an event of a stream without key.</summary>
    Spread,
}
