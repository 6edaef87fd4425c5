namespace Pipeline.Ingestion;

/// <summary>How events lie in a body.</summary>
public enum BodyFormat : byte
{
    /// <summary>application/x-ndjson: one JSON value a line.</summary>
    Ndjson = 1,

    /// <summary>application/json: one event or an array of events.</summary>
    Json = 2,

    /// <summary>application/cloudevents+json.</summary>
    CloudEvent = 3,

    /// <summary>application/cloudevents-batch+json.</summary>
    CloudEventBatch = 4,

    /// <summary>CloudEvents binary mode: the body is the data, the attributes came as headers.</summary>
    CloudEventBinary = 5,
}
