using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Writing;

/// <summary>A part that somebody waits for.</summary>
internal sealed record QueuedPart(
    int Slice, int Length, PartHeader Header, IReadOnlyList<Hash128>? Handles, long Deadline, long ArrivedAt);
