namespace Pipeline.Kernel.Codecs;

/// <summary>By what a part is deduplicated.</summary>
public enum HandleKind : byte
{
    None = 0,

    /// <summary>Idempotency-Key: one handle for the whole request.</summary>
    Key = 1,

    /// <summary>Producer-Id and Producer-Sequence: one handle for the whole request.</summary>
    Producer = 2,

    /// <summary>CloudEvents (source, id): one handle an event.</summary>
    Event = 3,

    /// <summary>
    /// A stage instance: (producer, generation) and per record its <see cref="Origin"/>. Never evicted.
    /// </summary>
    Platform = 4,
}
