using System.Text.Json;
using Pipeline.Backups.Service;
using Pipeline.Grains.Calls;
using Pipeline.Grains.Keeping;

namespace Pipeline.Grains.Clients;

/// <summary>The backups of a cluster: the keeper's silo makes them.</summary>
internal sealed class GrainBackups(IKeeperGrain keeper, TimeProvider time) : IBackups
{
    /// <summary>A list is read from where the backups lie, which may be far away.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public ValueTask<BackupAnswer> StartAsync(CancellationToken cancellationToken) =>
        AskAsync(KeeperGrain.StartBackup, cancellationToken);

    public ValueTask<BackupAnswer> ListAsync(CancellationToken cancellationToken) =>
        AskAsync(KeeperGrain.ListBackups, cancellationToken);

    public ValueTask<BackupAnswer> GetAsync(string id, CancellationToken cancellationToken) =>
        id is KeeperGrain.StartBackup or KeeperGrain.ListBackups
            ? ValueTask.FromResult(new BackupAnswer(BackupStatus.NotFound, $"There is no backup '{id}'."))
            : AskAsync(id, cancellationToken);

    private async ValueTask<BackupAnswer> AskAsync(string question, CancellationToken cancellationToken)
    {
        try
        {
            if (await keeper.BackupsAsync(question).WaitAsync(Patience, time, cancellationToken) is { } json)
            {
                return JsonSerializer.Deserialize<BackupAnswer>(json)!;
            }
        }
        catch (Exception fault) when (ClusterFault.Is(fault))
        {
            // Nobody answers: as if nobody were there.
        }

        return new BackupAnswer(
            BackupStatus.Unavailable, "The cluster's keeper did not answer: look at the list, then try again.");
    }
}
