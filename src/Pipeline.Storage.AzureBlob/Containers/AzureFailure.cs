using System.Net.Sockets;
using Azure;
using Pipeline.Storage.Blobs;

namespace Pipeline.Storage.AzureBlob.Containers;

/// <summary>Grades what the SDK throws (Blob service error codes, Microsoft Learn).</summary>
internal static class AzureFailure
{
    /// <summary>
    /// Whether it is an outcome rather than a bug or the caller's cancellation: a service's answer, a transport fault,
    /// or a request that took too long.
    /// </summary>
    public static bool IsExpected(Exception failed, CancellationToken caller) =>
        failed is RequestFailedException or AggregateException or HttpRequestException or SocketException
        || failed is IOException and not FileNotFoundException
        || (failed is OperationCanceledException && !caller.IsCancellationRequested);

    public static BlobStatus Grade(Exception failed) => failed is RequestFailedException answered
        ? Grade(answered)
        : BlobStatus.Unavailable;

    private static BlobStatus Grade(RequestFailedException answered) => answered.ErrorCode switch
    {
        "ContainerNotFound" or "ContainerBeingDeleted" or "ContainerDisabled" => BlobStatus.StoreLost,
        "BlobNotFound" or "ResourceNotFound" => BlobStatus.NotFound,
        "AppendPositionConditionNotMet" => BlobStatus.PositionMismatch,
        "BlobIsSealed" => BlobStatus.Sealed,
        "BlobAlreadyExists" or "ConditionNotMet" or "TargetConditionNotMet" => BlobStatus.Conflict,
        "BlobImmutableDueToPolicy" or "InsufficientAccountPermissions" or "AuthorizationPermissionMismatch"
            or "MaxBlobSizeConditionNotMet" or "BlockCountExceedsLimit" => BlobStatus.NoSpace,
        _ => answered.Status switch
        {
            404 => BlobStatus.NotFound,
            409 or 412 => BlobStatus.Conflict,
            _ => BlobStatus.Unavailable,
        },
    };
}
