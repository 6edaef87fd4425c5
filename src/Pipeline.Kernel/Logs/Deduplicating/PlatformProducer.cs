using Pipeline.Kernel.Codecs;

namespace Pipeline.Kernel.Logs.Deduplicating;

/// <summary>A stage instance that sends to this partition.</summary>
/// <param name="Generation">Lower ones are fenced.</param>
/// <param name="Last">The origin of its last record here.</param>
/// <param name="Frame">The frame that changed it last; -1: long committed.</param>
internal readonly record struct PlatformProducer(long Generation, Origin Last, long Frame);
