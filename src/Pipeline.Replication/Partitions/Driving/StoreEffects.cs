using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Logs;
using Pipeline.Kernel.Logs.Inputs;
using Pipeline.Kernel.Logs.Owning;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions.Frames;
using Pipeline.Replication.Partitions.Segments;
using Pipeline.Replication.Quorums;

namespace Pipeline.Replication.Partitions.Driving;

/// <summary>
/// Carries out those effects of a log that take a while: on stores, and on its register. Each ends in an input of the
/// driver, or, where it throws, ends the driver.
/// </summary>
/// <param name="driver">Fed; told of what was thrown.</param>
/// <param name="machine">The log's.</param>
/// <param name="stores">Where it lies.</param>
/// <param name="register">Its manifest.</param>
/// <param name="frames">What its open segment consists of.</param>
/// <param name="loop">The partition's.</param>
/// <param name="draw">Chance for pauses.</param>
/// <param name="options">How long a store may take.</param>
internal sealed class StoreEffects(
    LogDriver driver, LogMachine machine, IStoreSet stores, ManifestRegister register, FrameTable frames, ILoop loop,
    Random draw, PartitionOptions options)
{
    private readonly StoreWork _work = new(machine.Manifest.Log, stores, options, loop.Time);
    private readonly Dictionary<StoreId, StoreLink> _links = [];
    private readonly Action<Exception> _onFault = driver.Fail;

    /// <summary>Another segment is open now.</summary>
    public void Begin() => _links.Clear();

    public void CheckDeadlines()
    {
        foreach (var link in _links.Values)
        {
            link.CheckDeadline();
        }
    }

    /// <summary>The log is not this one's any more: what is tried again and again is not.</summary>
    public void Stop() => _work.Stop();

    public void Carry(in LogEffect effect)
    {
        switch (effect.Kind)
        {
            case LogEffectKind.Append:
                Watch(AppendAsync(effect));
                break;
            case LogEffectKind.ReadManifest:
                Watch(ReadManifestAsync());
                break;
            case LogEffectKind.ProposeManifest:
                Watch(ProposeAsync(effect.Manifest!));
                break;
            case LogEffectKind.Create:
                Watch(CreateAsync(effect));
                break;
            case LogEffectKind.SealAndRead:
                Watch(SealAndReadAsync(effect));
                break;
            case LogEffectKind.Load or LogEffectKind.LoadClosed:
                Watch(LoadAsync(effect));
                break;
            case LogEffectKind.Fix:
                Watch(FixAsync(effect));
                break;
            case LogEffectKind.Compare:
                Watch(CompareAsync(effect));
                break;
            case LogEffectKind.StoreIndex:
                Watch(StoreIndexAsync(effect));
                break;
            case LogEffectKind.Delete:
                driver.Reader.Catalog.Change(machine.Manifest);
                Watch(_work.DeleteBelowAsync(effect.Length));
                break;
            case LogEffectKind.DeleteIndex:
                Watch(_work.DeleteIndexAsync(effect.IndexLink!));
                break;
            default:
                throw new InvalidOperationException($"unknown effect {effect.Kind}");
        }
    }

    private void Watch(ValueTask work) => LoopTasks.Follow(work, _onFault);


    private StoreLink Link(StoreId store, SegmentId segment)
    {
        if (_links.TryGetValue(store, out var link) && link.Segment == segment)
        {
            return link;
        }

        return _links[store] = new StoreLink(
            machine.Manifest.Log, segment, stores.Find(store), loop.Time, options.StoreTimeout);
    }

    private async ValueTask AppendAsync(LogEffect effect)
    {
        var sent = frames.Use(effect.Frame, effect.FrameEnd);
        var outcome = await Link(effect.Store, effect.Segment).AppendAsync(effect.Position, sent);
        driver.Feed(LogInput.Appended(
            driver.Now, effect.Store, effect.Segment, effect.FrameEnd, outcome.Status.ToReply(), outcome.Length));
    }

    private async ValueTask CompareAsync(LogEffect effect)
    {
        var sent = frames.Use(effect.Frame, effect.FrameEnd);
        var reply = await Link(effect.Store, effect.Segment).CompareAsync(effect.Position, effect.Length, sent);
        driver.Feed(LogInput.Compared(driver.Now, effect.Store, effect.Segment, reply, effect.Length));
    }

    private async ValueTask ReadManifestAsync()
    {
        var manifest = await register.ReadAsync(CancellationToken.None);
        driver.Feed(LogInput.ManifestRead(driver.Now, manifest));
    }

    private async ValueTask ProposeAsync(LogManifest next)
    {
        var manifest = await register.ProposeAsync(next);
        driver.Feed(LogInput.ManifestProposed(driver.Now, manifest, draw.NextInt64(TimeSpan.TicksPerSecond / 2)));
    }

    private async ValueTask CreateAsync(LogEffect effect)
    {
        var reply = await _work.CreateAsync(effect);
        driver.Feed(LogInput.Created(driver.Now, effect.Store, effect.Segment, reply));
    }

    private async ValueTask SealAndReadAsync(LogEffect effect)
    {
        var (status, copy) = await _work.SealAndReadAsync(effect);
        driver.Feed(LogInput.Copied(driver.Now, effect.Store, effect.Segment, status, copy));
    }

    private async ValueTask LoadAsync(LogEffect effect)
    {
        var reading = effect.Kind == LogEffectKind.Load
            ? await _work.LoadAsync(effect.Store, effect.Segment, effect.Length)
            : await _work.LoadClosedAsync(effect.Closed!);
        driver.Reader.Learn(reading.Map);
        driver.Feed(LogInput.Loaded(
            driver.Now, effect.Store, effect.Segment, reading.Status, reading.Replay, reading.Hash));
    }

    private async ValueTask FixAsync(LogEffect effect)
    {
        var reply = await _work.FixAsync(effect);
        driver.Feed(LogInput.Fixed(driver.Now, effect.Store, effect.Segment, reply));
    }

    private async ValueTask StoreIndexAsync(LogEffect effect)
    {
        if (await _work.StoreIndexAsync(effect.Index!, effect.IndexLink!))
        {
            driver.Feed(LogInput.Indexed(driver.Now, effect.IndexLink!.Hash));
        }
    }
}
