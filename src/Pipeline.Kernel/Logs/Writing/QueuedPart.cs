using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Kernel.Logs.Writing;

/// <summary>A part that somebody waits for.</summary>
internal sealed record QueuedPart(
    int Slice, int Length, PartHeader Header, IReadOnlyList<Hash128>? Handles, long Deadline, long ArrivedAt)
{
    /// <summary>For fingerprints: a slice stands for its part.</summary>
    public void Encode(ByteWriter to) => to.Int32(Slice);
}
