using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.Replication.Partitions;

namespace Pipeline.Processing.Stages;

/// <summary>What a stage instance says to the readers of its outputs about their event time.</summary>
internal static class UpstreamWord
{
    /// <summary>The watermark, or where none is known, that nobody is to wait for this instance.</summary>
    public static AppendRequest Of(StageLayout layout, long watermark)
    {
        var leaves = watermark == long.MinValue;
        var kind = leaves ? PartKind.UpstreamState : PartKind.UpstreamWatermark;
        var header = new PartHeader { Kind = kind, HandleKind = HandleKind.None };
        var size = PartCodec.HeaderSize(HandleKind.None, 0);
        var part = new byte[size + StageControl.UpstreamSize];
        PartCodec.WriteHeader(header, [], StageControl.UpstreamSize, part);
        StageControl.WriteUpstream(part.AsSpan(size), layout.Producer, layout.Generation, leaves ? 0 : watermark);
        return new AppendRequest { Header = header, Part = part };
    }
}
