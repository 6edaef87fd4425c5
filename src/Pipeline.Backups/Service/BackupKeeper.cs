using Pipeline.Backups.Places;
using Pipeline.Backups.Restoring;
using Pipeline.Backups.Taking;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Quorums;
using Pipeline.Storage.Blobs;

namespace Pipeline.Backups.Service;

/// <summary>
/// Makes backups, one at a time, when somebody asks and when it is time, and deletes old ones. It is a part of the
/// keeper, which is one in a service; where two believe to be it for a while, each makes a whole backup of its own.
/// </summary>
public sealed class BackupKeeper : IBackups, IDisposable
{
    private const int KeptFailures = 20;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(5);

    private readonly ILoop _loop;
    private readonly IStoreSet _stores;
    private readonly BackupSettings? _settings;
    private readonly IBackupScopes _scopes;
    private readonly Random _draw;
    private readonly List<BackupView> _failed = [];
    private readonly CancellationTokenSource _end = new();
    private BackupProgress? _running;
    private DateTimeOffset? _lastTried;

    /// <param name="settings">Null: there are no backups.</param>
    /// <param name="stores">What is backed up.</param>
    /// <param name="scopes">What belongs to it; used on <paramref name="loop"/>.</param>
    /// <param name="loop">Where it runs.</param>
    /// <param name="draw">Chance for ids.</param>
    public BackupKeeper(
        BackupSettings? settings, IStoreSet stores, IBackupScopes scopes, ILoop loop, Random draw) =>
        (_settings, _stores, _scopes, _loop, _draw) = (settings, stores, scopes, loop, draw);

    /// <summary>Why the place is of no use, found out at the start; null: it is.</summary>
    public string? Refusal { get; init; }

    /// <summary>Keeps events that nobody needs any more while a backup is cut.</summary>
    public Func<IDisposable>? Hold { get; init; }

    /// <summary>Looks from now on whether it is time for one.</summary>
    public void Start()
    {
        if (_settings?.Schedule is not null && Refusal is { } refusal)
        {
            _loop.Post(
                _ => _loop.Run("scheduled backups", () => Task.FromException(new BackupException(refusal))), null);
        }
        else if (_settings?.Schedule is not null)
        {
            _loop.Post(_ => _loop.Repeat("scheduled backups", Look, LookAsync, _end.Token), null);
        }
    }

    /// <summary>Ends one that is being made, as soon as it may.</summary>
    public void Stop() => _end.Cancel();

    public void Dispose() => _end.Dispose();

    /// <inheritdoc/>
    public ValueTask<BackupAnswer> StartAsync(CancellationToken cancellationToken) =>
        AskAsync(settings => Task.FromResult(Begin(settings)));

    /// <inheritdoc/>
    public ValueTask<BackupAnswer> ListAsync(CancellationToken cancellationToken) => _settings is null
        ? ValueTask.FromResult(new BackupAnswer(BackupStatus.Done))
        : AskAsync(ListAsync);

    /// <inheritdoc/>
    public ValueTask<BackupAnswer> GetAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(settings => GetAsync(settings, id));

    private ValueTask<BackupAnswer> AskAsync(Func<BackupSettings, Task<BackupAnswer>> ask) => Refusal is { } refusal
        ? ValueTask.FromResult(new BackupAnswer(BackupStatus.NotConfigured, refusal))
        : _settings is { } settings
        ? new ValueTask<BackupAnswer>(_loop.CallAsync(async () =>
        {
            try
            {
                return await ask(settings);
            }
            catch (BackupException failed)
            {
                return new BackupAnswer(BackupStatus.Unavailable, failed.Message);
            }
        }))
        : ValueTask.FromResult(new BackupAnswer(
            BackupStatus.NotConfigured,
            $"Backups are not configured: {BackupSettings.ToSetting} says where they go, a directory or a container."));

    private BackupAnswer Begin(BackupSettings settings)
    {
        if (_running is { } running)
        {
            return new BackupAnswer(BackupStatus.Busy, $"Backup {running.Id} is being made.") { Id = running.Id };
        }

        var now = _loop.Time.GetUtcNow();
        var progress = _running = new BackupProgress(BackupRun.NewId(now, _draw), now);
        _lastTried = now;
        _loop.Run("backup", () => MakeAsync(settings, progress), fault => Fail(progress, fault));
        return new BackupAnswer(BackupStatus.Started) { Id = progress.Id };
    }

    private async Task MakeAsync(BackupSettings settings, BackupProgress progress)
    {
        BackupPlace? place = null;
        try
        {
            place = await BackupPlace.OpenAsync(settings.Slot, _loop.Time, _draw);
            var run = new BackupRun(
                _stores, _scopes, place, progress, _loop.Time, () => _end.IsCancellationRequested)
            {
                Flaws = settings.Flaws,
                Hold = Hold,
            };
            await run.RunAsync();
        }
        catch (BackupException failed)
        {
            Fail(progress, failed);
            await TryForgetAsync(place, progress.Id);
            return;
        }

        _running = null;
        await PruneAsync(settings, place);
    }

    private async Task PruneAsync(BackupSettings settings, BackupPlace place)
    {
        try
        {
            if (settings.KeepCount is not null || settings.KeepAge is not null)
            {
                await new BackupPrune(place, _loop.Time).RunAsync(settings.KeepCount, settings.KeepAge);
            }
        }
        catch (BackupException)
        {
            // Another service makes one just now, or the place is away: the next backup tries again.
        }
    }

    /// <summary>What was begun and is not whole would keep a prune waiting for a day.</summary>
    private static async Task TryForgetAsync(BackupPlace? place, string id)
    {
        try
        {
            await (place?.ForgetAsync(id) ?? Task.CompletedTask);
        }
        catch (BackupException)
        {
            // The place does not answer: a prune looks at it later.
        }
    }

    /// <summary>Why a backup failed is known here alone.</summary>
    private void Fail(BackupProgress progress, Exception fault)
    {
        if (_running == progress)
        {
            _running = null;
            _failed.Add(View(progress, BackupView.Failed) with { Reason = fault.Message });
            _failed.RemoveRange(0, Math.Max(0, _failed.Count - KeptFailures));
        }
    }

    private async Task<BackupAnswer> ListAsync(BackupSettings settings)
    {
        var views = new List<BackupView>();
        BackupDrill? drill = null;
        if (await TryOpenAsync(settings) is { } place)
        {
            foreach (var id in await place.ListAsync())
            {
                views.Add(await LookAtAsync(place, id));
            }

            var begun = await place.ListBegunAsync();
            views.AddRange(begun.Where(id => id != _running?.Id && !IsKnown(id)).Select(CutOff));
            drill = await place.LastDrillAsync();
        }

        views.AddRange(_failed);
        if (_running is { } running)
        {
            views.Add(View(running, BackupView.Running));
        }

        return new BackupAnswer(BackupStatus.Done)
        {
            To = settings.To,
            Schedule = settings.Schedule?.ToString(),
            Keep = settings.Keep,
            LastDrill = drill,
            Backups = [.. views.OrderByDescending(static view => view.Id, StringComparer.Ordinal)],
        };
    }

    private static async Task<BackupView> LookAtAsync(BackupPlace place, string id)
    {
        try
        {
            return await place.ReadAsync(id) is { } backup ? View(backup) : CutOff(id);
        }
        catch (BackupException wrong)
        {
            return CutOff(id) with { Reason = wrong.Message };
        }
    }

    private async Task<BackupAnswer> GetAsync(BackupSettings settings, string id)
    {
        var view = _running?.Id == id
            ? View(_running, BackupView.Running)
            : _failed.Find(failed => failed.Id == id) ?? await FindAsync(settings, id);
        return view is null
            ? new BackupAnswer(BackupStatus.NotFound, $"There is no backup '{id}'. GET /v1/backups lists them.")
            : new BackupAnswer(BackupStatus.Done) { Backups = [view] };
    }

    private async Task<BackupView?> FindAsync(BackupSettings settings, string id)
    {
        if (await TryOpenAsync(settings) is not { } place)
        {
            return null;
        }

        if (await place.ReadAsync(id) is { } backup)
        {
            return View(backup) with
            {
                Streams =
                [
                    .. backup.Logs.GroupBy(static log => log.Stream)
                        .OrderBy(static group => group.Key, StringComparer.Ordinal)
                        .Select(static group => new BackupStreamView(group.Key, [.. group
                            .OrderBy(static log => log.Partition)
                            .Select(static log => new BackupPartitionView(log.Partition, log.First, log.End))])),
                ],
            };
        }

        return (await place.ListBegunAsync()).Contains(id) ? CutOff(id) : null;
    }

    /// <summary>Null: no backup was made yet.</summary>
    private async Task<BackupPlace?> TryOpenAsync(BackupSettings settings)
    {
        var probe = await settings.Slot.ProbeAsync(CancellationToken.None);
        return probe.Condition == StoreCondition.Blank
            ? null
            : await BackupPlace.OpenAsync(settings.Slot, _loop.Time, null);
    }

    private async Task LookAsync()
    {
        var now = _loop.Time.GetUtcNow();
        if (_settings is not { Schedule: { } schedule } settings || _running is not null)
        {
            return;
        }

        if (_lastTried is null)
        {
            var made = await TryOpenAsync(settings) is { } place ? await place.ListAsync() : [];
            _lastTried = made.Count > 0 ? BackupPrune.TimeOf(made[^1]) ?? now : now;
        }

        var hasFailed = _failed.Count > 0 && _failed[^1].Started == _lastTried && now - _lastTried >= RetryAfter;
        if (hasFailed || schedule.GetNextOccurrence(_lastTried.Value.UtcDateTime) <= now.UtcDateTime)
        {
            Begin(settings);
        }
    }

    private bool IsKnown(string id) => _failed.Exists(failed => failed.Id == id);

    private static BackupView CutOff(string id) => new(id, BackupView.Failed, BackupPrune.TimeOf(id))
    {
        Reason = "It was cut off: the process that made it ended, or another one makes it.",
    };

    private static BackupView View(BackupProgress progress, string state) =>
        new(progress.Id, state, progress.Started) { NewBytes = progress.NewBytes };

    private static BackupView View(Backup backup) => new(backup.Id, BackupView.Whole, backup.Started)
    {
        Cut = backup.Cut,
        Finished = backup.Finished,
        Bytes = backup.Bytes,
        NewBytes = backup.NewBytes,
        Events = backup.Events,
    };
}
