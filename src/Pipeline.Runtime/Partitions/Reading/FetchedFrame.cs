using Pipeline.Kernel.Codecs;

namespace Pipeline.Runtime.Partitions.Reading;

/// <summary>A frame read from a store, checked.</summary>
internal readonly record struct FetchedFrame(FrameHeader Header, ReadOnlyMemory<byte> Payload);
