using Pipeline.Kernel.Logs;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Partitions.Segments;

/// <summary>Outcomes of a store in the kernel's words.</summary>
internal static class StoreReplies
{
    public static StoreReply ToReply(this BlobStatus status) => status switch
    {
        BlobStatus.Ok => StoreReply.Ok,
        BlobStatus.NotFound => StoreReply.NotFound,
        BlobStatus.Conflict => StoreReply.Conflict,
        BlobStatus.PositionMismatch => StoreReply.PositionMismatch,
        BlobStatus.Sealed => StoreReply.Sealed,
        BlobStatus.NoSpace => StoreReply.NoSpace,
        BlobStatus.StoreLost => StoreReply.StoreLost,
        _ => StoreReply.Unavailable,
    };
}
