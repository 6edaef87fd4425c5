using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.Replication.Partitions;

namespace Pipeline.Ingestion;

/// <summary>
/// Says in every partition of a stream that no event before a time will come. Saying it twice is harmless: a
/// watermark only rises.
/// </summary>
public static class WatermarkAppend
{
    public static async ValueTask<IngestOutcome> RunAsync(IReadOnlyList<IPartition> partitions, long ticks)
    {
        var header = new PartHeader
        {
            Kind = PartKind.Watermark,
            HandleKind = HandleKind.None,
            Previous = Origin.None,
            Last = Origin.None,
        };
        var running = new List<(int Partition, Task<AppendOutcome> Append)>();
        foreach (var partition in partitions)
        {
            var request = new AppendRequest { Header = header, Part = Encode(header, ticks) };
            running.Add((partition.Id.Index, partition.AppendAsync(request, CancellationToken.None).AsTask()));
        }

        var merge = new AppendMerge();
        foreach (var (partition, append) in running)
        {
            merge.Add(partition, await append);
        }

        return merge.Complete();
    }

    private static byte[] Encode(in PartHeader header, long ticks)
    {
        var part = new byte[PartCodec.HeaderSize(header.HandleKind, 0) + StageControl.WatermarkSize];
        var size = PartCodec.WriteHeader(header, [], StageControl.WatermarkSize, part);
        StageControl.WriteWatermark(part.AsSpan(size), ticks);
        return part;
    }
}
