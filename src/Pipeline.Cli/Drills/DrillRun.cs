using Pipeline.Backups;
using Pipeline.Backups.Places;
using Pipeline.Backups.Restoring;
using Pipeline.Cli.Backups;
using Pipeline.Cli.Chaos;
using Pipeline.Cli.Output;
using Pipeline.Cli.Service;
using Pipeline.Replication.Scrubbing;
using Pipeline.Runtime.Backups;
using Pipeline.Runtime.Catalog;
using Pipeline.Storage.Directories;

namespace Pipeline.Cli.Drills;

/// <summary>
/// Rehearses a restore: onto stores in a folder of its own, all pipelines paused, and looks at what came of it. What
/// cannot be looked at, since what comes before it is wrong, is not.
/// </summary>
internal sealed class DrillRun(
    BackupPlace place, Backup backup, string program, string folder, Random draw, TimeProvider time)
{
    private const int Stores = 3;

    private readonly List<DrillCheck> _checks = [];

    public async Task<DrillReport> RunAsync(Action<string> say, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        say($"reading backup {Printable.Of(backup.Id)}");
        if (Add(await HashesAsync(cancellationToken)))
        {
            say("restoring it");
            if (await RestoreAsync(cancellationToken))
            {
                say("starting a service on it");
                await ServeAsync(cancellationToken);
            }
        }

        return new DrillReport(backup, time.GetUtcNow(), time.GetElapsedTime(begun), _checks);
    }

    private bool Add(DrillCheck check)
    {
        _checks.Add(check);
        return check.IsOk;
    }

    private async Task<DrillCheck> HashesAsync(CancellationToken cancellationToken)
    {
        var check = await BackupCheck.RunAsync(place, backup.Id).WaitAsync(cancellationToken);
        return new DrillCheck(
            "hashes", $"{ByteSize.Of(backup.Bytes)} read", check?.Findings ?? ["It has just been deleted."]);
    }

    /// <summary>Writes the stores, and reads all of them again.</summary>
    private async Task<bool> RestoreAsync(CancellationToken cancellationToken)
    {
        var stores = Path.Combine(DrillHost.Data(folder), "stores");
        var slots = Enumerable.Range(1, Stores)
            .Select(number => new DirectorySlot($"{number}", Path.Combine(stores, $"{number}"))).ToList();
        try
        {
            // Whoever waits for a store that is closed is told so at once.
            await using var ending = cancellationToken.UnsafeRegister(_ => Close(slots), null);
            return Add(await WriteAsync(slots, cancellationToken)) && Add(await VerifyAsync(slots, cancellationToken));
        }
        finally
        {
            Close(slots);
        }
    }

    private static void Close(List<DirectorySlot> slots) => slots.ForEach(static slot => slot.Dispose());

    private async Task<DrillCheck> WriteAsync(List<DirectorySlot> slots, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        IReadOnlyList<string> findings = [];
        var written = 0L;
        try
        {
            var restoration = new BackupRestoration(place, slots, draw, time);
            await restoration.RunAsync(
                backup, RestoredCatalog.Name, RestoredCatalog.Of(backup, draw, RestoredCatalog.AtRest));
            written = restoration.Written;
        }
        catch (BackupException wrong)
        {
            cancellationToken.ThrowIfCancellationRequested();
            findings = [wrong.Message];
        }

        var took = time.GetElapsedTime(begun).TotalSeconds;
        return new DrillCheck(
            "restore", $"{ByteSize.Of(written)} on each of {Stores} stores, in {took:0.0} s", findings);
    }

    private async Task<DrillCheck> VerifyAsync(List<DirectorySlot> slots, CancellationToken cancellationToken)
    {
        var report = await StoreVerification.RunAsync(slots, new CatalogLogs(), time);
        cancellationToken.ThrowIfCancellationRequested();
        var found = $"{report.Registers} registers, {report.Logs} logs, {report.ClosedSegments} closed segments, "
            + $"{report.OpenSegments} open";
        var damage = report.Findings.Where(static finding => finding.IsDamage);
        return new DrillCheck("stores", found, [.. damage.Select(static finding => $"{finding}")]);
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        try
        {
            await using var host = await DrillHost.StartAsync(program, folder, Stores, draw, cancellationToken);
            Add(new DrillCheck("service", $"serves after {time.GetElapsedTime(begun).TotalSeconds:0.0} s", []));
            Add(await host.PipelinesAsync(cancellationToken));
            if (Add(await host.StreamsAsync(backup, cancellationToken)))
            {
                Add(await host.EventsAsync(backup, draw, cancellationToken));
            }

            if (host.Ends.Count > 0)
            {
                Add(new DrillCheck("process", "it ended by itself", host.Ends));
            }
        }
        catch (ChaosException wrong)
        {
            Add(new DrillCheck("service", "does not serve", [wrong.Message]));
        }
        catch (Exception silent) when (silent is ServiceException or HttpRequestException or IOException
            || (silent is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Add(new DrillCheck("answers", "it does not answer as it should", [silent.Message]));
        }
    }
}
