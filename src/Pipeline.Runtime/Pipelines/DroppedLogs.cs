using Pipeline.Kernel.Identity;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Deletes the blobs of logs that the catalog dropped; it forgets a log only once no store has anything of it, since a
/// store that was away brings its copies back.
/// </summary>
internal sealed class DroppedLogs(KeeperCore core, Reconciler reconciler)
{
    public bool IsDue => !core.IsOvertaken && core.View.State.Dropped.Count > 0;

    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        var gone = new List<LogId>();
        foreach (var log in core.View.State.Dropped)
        {
            if (await core.Host.Partitions.DeleteAsync(log, cancellationToken))
            {
                gone.Add(log);
            }
        }

        if (gone.Count == 0)
        {
            return;
        }

        var change = await core.ChangeAsync(
            current => current with { Dropped = [.. current.Dropped.Except(gone)] }, cancellationToken);
        if (change is { } answered)
        {
            await reconciler.ReconcileAsync(answered.State);
        }
    }
}
