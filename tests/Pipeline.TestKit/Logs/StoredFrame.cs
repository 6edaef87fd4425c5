using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.TestKit.Logs;

/// <summary>A whole, good frame as it lies on a store.</summary>
/// <param name="Header">Says its log, segment, epoch and offsets.</param>
/// <param name="Chain">Tells it from every other frame: the hash of its header, and so of all before it.</param>
/// <param name="Payload">Its parts.</param>
public sealed record StoredFrame(FrameHeader Header, Hash128 Chain, ReadOnlyMemory<byte> Payload);
