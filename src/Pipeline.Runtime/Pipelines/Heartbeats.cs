using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.Replication.Partitions;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Event time for one instance, in the log it reads: a replay sees it at the same place.</summary>
internal static class Heartbeats
{
    /// <summary>Nothing comes any more before <paramref name="target"/>, in ticks UTC; whether it is written.</summary>
    public static async Task<bool> TryAppendAsync(RunningInstance running, long target, CancellationToken cancellation)
    {
        var size = PartCodec.HeaderSize(HandleKind.None, 0);
        var part = new byte[size + StageControl.HeartbeatSize];
        var header = new PartHeader { Kind = PartKind.Heartbeat, HandleKind = HandleKind.None };
        PartCodec.WriteHeader(header, [], StageControl.HeartbeatSize, part);
        StageControl.WriteHeartbeat(part.AsSpan(size), target, running.Id.Producer);
        var request = new AppendRequest { Header = header, Part = part };
        return (await running.Input.AppendAsync(request, cancellation)).Status == AppendStatus.Appended;
    }
}
