using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Identity;

namespace Pipeline.Ingestion;

/// <summary>What one request sends to one partition, encoded.</summary>
internal sealed record IngestPart(
    int Partition, PartHeader Header, Memory<byte> Bytes, IReadOnlyList<Hash128> EventHandles);
