using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Ingestion;

/// <summary>The handle of a whole request: Idempotency-Key, or Producer-Id with Producer-Sequence, or none.</summary>
/// <param name="Kind">None, Key or Producer.</param>
/// <param name="Id">Hash of the key or of the producer's id.</param>
/// <param name="Sequence">The producer's number for this request, from 0.</param>
public readonly record struct DeduplicationHandle(HandleKind Kind, Hash128 Id, long Sequence = 0)
{
    public static DeduplicationHandle None => default;
}
