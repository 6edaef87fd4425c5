using Pipeline.Simulation.Clocks;
using Pipeline.Simulation.Stores;
using Pipeline.Storage.Blobs;

namespace Pipeline.Simulation.Faults;

/// <summary>The conditions requests to one disk meet just now. All chance comes from the seed.</summary>
public sealed class StoreWeather(EventQueue queue, int seed)
{
    private readonly List<Action> _parked = [];

    public Random Draw { get; } = new(seed);

    /// <summary>One way, in ticks; each request draws its own, so requests overtake one another.</summary>
    public long LatencyMin { get; set; } = TimeSpan.TicksPerMillisecond / 20;

    public long LatencyMax { get; set; } = 2 * TimeSpan.TicksPerMillisecond;

    /// <summary>How many of a thousand requests are done but answered Unavailable.</summary>
    public int AckLostPerMille { get; set; }

    /// <summary>How many of a thousand requests are not done and answered Unavailable.</summary>
    public int RequestLostPerMille { get; set; }

    /// <summary>How many of a thousand appends meet a failing fsync.</summary>
    public int SyncFailedPerMille { get; set; }

    /// <summary>Whether the store may lose its contents now, which a failing fsync does.</summary>
    public Func<bool> MaySuffer { get; set; } = static () => true;

    /// <summary>It takes nothing new now.</summary>
    public bool IsAway => IsDown || IsFull || IsFrozen;

    /// <summary>No request gets through; each is answered Unavailable.</summary>
    public bool IsDown { get; set; }

    /// <summary>Full or read-only.</summary>
    public bool IsFull { get; set; }

    /// <summary>Requests wait, unanswered, until <see cref="Thaw"/>.</summary>
    public bool IsFrozen { get; private set; }

    public long Delay(StoreCall call) => LatencyMin + Draw.NextInt64(LatencyMax - LatencyMin + 1) + call.Bytes;

    public StoreFate FateOf(StoreCall call)
    {
        if (IsDown)
        {
            return StoreFate.RequestLost;
        }

        if (IsFull && call.IsWrite && call.Kind is not (StoreCallKind.Delete or StoreCallKind.Seal))
        {
            return StoreFate.NoSpace;
        }

        if (call.Kind == StoreCallKind.Append && Draw.Next(1000) < SyncFailedPerMille && MaySuffer())
        {
            return StoreFate.SyncFailed;
        }

        var drawn = Draw.Next(1000);
        return drawn < AckLostPerMille ? StoreFate.AckLost
            : drawn < AckLostPerMille + RequestLostPerMille ? StoreFate.RequestLost
            : StoreFate.Done;
    }

    /// <summary>Does to the disk what the fate says, and makes the answer.</summary>
    public T Meet<T>(StoreFate fate, SimulatedDisk disk, SimulatedRequest<T> request)
    {
        switch (fate)
        {
            case StoreFate.Done:
                return request.Apply();
            case StoreFate.AckLost:
                request.Apply();
                return request.Refuse(BlobStatus.Unavailable, "the answer was lost");
            case StoreFate.RequestLost:
                return request.Refuse(BlobStatus.Unavailable, "the request was lost");
            case StoreFate.NoSpace:
                return request.Refuse(BlobStatus.NoSpace, "no space left");
            case StoreFate.SyncFailed:
                request.Tear?.Invoke(Draw);
                if (disk.Blobs.TryGetValue(request.Call.Blob, out var blob))
                {
                    blob.IsPoisoned = true;
                }

                return request.Refuse(BlobStatus.StoreLost, "fsync failed");
            default:
                throw new ArgumentOutOfRangeException(nameof(fate), fate, "unknown fate");
        }
    }

    public bool DropsAfterCrash() => Draw.Next(2) == 0;

    public bool TearsAfterCrash() => Draw.Next(3) == 0;

    public void Park(Action request) => _parked.Add(request);

    public void Freeze() => IsFrozen = true;

    /// <summary>Lets the waiting requests through, each after a delay of its own.</summary>
    public void Thaw()
    {
        IsFrozen = false;
        var parked = _parked.ToArray();
        _parked.Clear();
        foreach (var request in parked)
        {
            queue.After(TimeSpan.FromTicks(Draw.NextInt64(LatencyMax)), request);
        }
    }

    /// <summary>Fair weather: nothing fails any more (what is broken on the disk stays broken).</summary>
    public void Heal()
    {
        (AckLostPerMille, RequestLostPerMille, SyncFailedPerMille) = (0, 0, 0);
        (IsDown, IsFull) = (false, false);
        LatencyMax = 2 * TimeSpan.TicksPerMillisecond;
        Thaw();
    }
}
