using Pipeline.Kernel.Codecs;

namespace Pipeline.Replication.Partitions.Reading;

/// <summary>A frame read from a store, checked.</summary>
internal readonly record struct FetchedFrame(FrameHeader Header, ReadOnlyMemory<byte> Payload);
