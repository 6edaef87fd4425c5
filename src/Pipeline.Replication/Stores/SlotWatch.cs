using Pipeline.Replication.Loops;
using Pipeline.Replication.Quorums;
using Pipeline.Storage.Blobs;

namespace Pipeline.Replication.Stores;

/// <summary>
/// Looks at one store again and again; has it rejoin when its contents are gone. A hung one only hangs this.
/// </summary>
internal sealed class SlotWatch(StoreSet set, int slot, ILoop loop, StoreSetOptions options)
{
    private int _strikes;
    private volatile StoreStatus _status = new(set.Slots[slot].Name, default, StorePhase.Unknown, "not looked at yet");

    public StoreStatus Status => _status;

    public StoreProbe Probe { get; private set; } = new(StoreCondition.Unavailable);

    private StoreMember Member => set.Members[slot];

    /// <summary>What opening found.</summary>
    public void Begin(StoreProbe probe)
    {
        Probe = probe;
        if (probe.HasIdentity() && probe.Id == Member.Id)
        {
            Report(StorePhase.Up, null);
        }
        else
        {
            Report(probe.Condition == StoreCondition.Unavailable ? StorePhase.Unavailable : StorePhase.Lost, Reason());
        }
    }

    /// <summary>Looks again and again.</summary>
    public void Run(CancellationToken stopping) =>
        loop.Repeat("store watch", RoundAsync, stopping, $"store watch {set.Slots[slot].Name}");

    /// <summary>Looks once.</summary>
    public async Task LookAsync()
    {
        Probe = await SlotProbes.ProbeAsync(set.Slots[slot], loop.Time, options.ProbeTimeout);
        if (Probe.HasIdentity() && Probe.Id == Member.Id)
        {
            _strikes = 0;
            await CheckAsync();
        }
        else if (Probe.Condition is StoreCondition.Unavailable or StoreCondition.Newer)
        {
            Report(StorePhase.Unavailable, Reason());
        }
        else
        {
            await OnLostAsync();
        }
    }

    private async Task<TimeSpan> RoundAsync()
    {
        try
        {
            await LookAsync();
        }
        catch (Exception bug)
        {
            // Shown, and tried again: the other stores carry on meanwhile.
            Report(StorePhase.Unavailable, bug.Message);
            throw;
        }

        return options.ProbeInterval;
    }

    /// <summary>The incarnation that votes lies there: is the open store bound to it, and does it answer?</summary>
    private async Task CheckAsync()
    {
        var answer = await AskAsync(Member.Store);
        if (answer.Status == BlobStatus.StoreLost)
        {
            answer = await AskAsync(set.Reopen(slot));
        }

        if (answer.Status is not (BlobStatus.Ok or BlobStatus.NotFound))
        {
            var lost = answer.Status == BlobStatus.StoreLost;
            Report(lost ? StorePhase.Lost : StorePhase.Unavailable, answer.Detail);
            return;
        }

        if (Probe.Condition == StoreCondition.Identified)
        {
            await loop.Time.WithinAsync(
                token => set.Slots[slot].MarkFormattedAsync(Member.Id, token),
                options.ProbeTimeout,
                static reason => new BlobOutcome(BlobStatus.Unavailable, Detail: reason));
        }

        Report(StorePhase.Up, null);
    }

    private async Task OnLostAsync()
    {
        _strikes++;
        var others = Enumerable.Range(0, set.Slots.Count).Count(other => other != slot && set.IsUp(other));
        if (_strikes < options.ProbesBeforeRejoin || others < set.Quorum)
        {
            var short_ = others < set.Quorum ? $"; {others} others are intact, {set.Quorum} are needed to rejoin" : "";
            Report(StorePhase.Lost, Reason() + short_);
            return;
        }

        Report(StorePhase.Rejoining, Reason());
        var failed = await set.NewRejoin(slot).RunAsync(Probe, progress => Report(StorePhase.Rejoining, progress));
        Report(failed is null ? StorePhase.Up : StorePhase.Lost, failed);
    }

    private Task<BlobContent> AskAsync(IBlobStore store) => loop.Time.WithinAsync(
        token => store.GetRangeAsync(Membership.Register, 0, 1, token),
        options.ProbeTimeout,
        static reason => new BlobContent(BlobStatus.Unavailable, Detail: reason));

    private string Reason() => Probe.Condition switch
    {
        StoreCondition.Blank => "nothing is there",
        StoreCondition.Identified or StoreCondition.Formatted => $"another store is there ({Probe.Id})",
        StoreCondition.Damaged => Probe.Detail ?? "its identity is damaged",
        _ => Probe.Detail ?? $"{Probe.Condition}",
    };

    private void Report(StorePhase phase, string? detail) =>
        _status = new StoreStatus(set.Slots[slot].Name, Member.Id, phase, detail);
}
