namespace Pipeline.TestKit.Clients;

/// <summary>A partition's offsets as GET /v1/streams/{stream} gives them; ends are exclusive.</summary>
public sealed record PartitionState(int Partition, long First, long Committed);
