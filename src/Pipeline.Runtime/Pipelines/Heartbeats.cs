using Pipeline.Kernel.Codecs;
using Pipeline.Kernel.Stages;
using Pipeline.Replication.Partitions;

namespace Pipeline.Runtime.Pipelines;

/// <summary>Event time for one instance, in the log it reads: a replay sees it at the same place.</summary>
internal static class Heartbeats
{
    /// <param name="running">Whose event time it is.</param>
    /// <param name="target">Event time before which nothing is expected any more, ticks UTC.</param>
    /// <param name="cancellationToken">The host stops.</param>
    public static async Task AppendAsync(RunningInstance running, long target, CancellationToken cancellationToken)
    {
        var size = PartCodec.HeaderSize(HandleKind.None, 0);
        var part = new byte[size + StageControl.HeartbeatSize];
        var header = new PartHeader { Kind = PartKind.Heartbeat, HandleKind = HandleKind.None };
        PartCodec.WriteHeader(header, [], StageControl.HeartbeatSize, part);
        StageControl.WriteHeartbeat(part.AsSpan(size), target, running.Id.Producer);
        await running.Input.AppendAsync(new AppendRequest { Header = header, Part = part }, cancellationToken);
    }
}
