using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Puts a drafted change into force: reserve, bear, cut, seed, switch (decision 0013). Where a step before the switch
/// does
/// not succeed, the old texts go on.
/// </summary>
internal sealed class ChangeRun(KeeperCore core, Reconciler reconciler, Mending mending, ChangeDraft draft)
{
    private const int BirthsAtOnce = 64;

    /// <param name="findObstacle">What stands against it, known where everything is cut; null: nothing.</param>
    /// <param name="finish">What else the switch changes in the catalog: files, versions.</param>
    /// <param name="cancellationToken">Ends it before the cut; from there on it is carried to an end.</param>
    public async Task<Obstacle?> RunAsync(
        Func<IReadOnlyDictionary<InstanceId, long>, Obstacle?> findObstacle,
        Func<CatalogState, CatalogState> finish,
        CancellationToken cancellationToken)
    {
        if (await ReserveAsync(cancellationToken) is { } refused)
        {
            return refused;
        }

        if (await BearAsync(cancellationToken) is not { } born)
        {
            return Obstacle.NoMajority;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var cut = draft.Concerned.Select(name => core.View.Pipelines[name])
            .Where(static pipeline => pipeline.Plan is not null)
            .ToList();
        var successions = cut.ToDictionary(
            pipeline => pipeline.Entry.Name,
            pipeline => new Succession(pipeline.Plan!, draft.Next.Find(pipeline.Entry.Name)!.Plan!));
        var isInForce = false;
        try
        {
            var run = new CutRun(core, draft.Terms, successions);
            var obstacle = await run.RunAsync(cut) ?? findObstacle(run.Cursors)
                ?? await SeedAsync(cut, successions, run);
            var gaps = obstacle is null ? await GapsAsync(cut, run) : null;
            obstacle ??= gaps is null ? Obstacle.NoMajority : await SwitchAsync(born, successions, gaps, finish);
            isInForce = obstacle is null;
            return obstacle;
        }
        finally
        {
            // Whatever went wrong, and however: what was stopped runs again.
            if (!isInForce)
            {
                mending.Resume(draft.Concerned, draft.Terms);
                await mending.TryAsync();
            }
        }
    }

    /// <summary>Takes the numbers that the draft uses, and marks the entries it concerns.</summary>
    private async Task<Obstacle?> ReserveAsync(CancellationToken cancellationToken)
    {
        var change = await core.ChangeAsync(
            current => current.Version != draft.From.Version
                ? null
                : current with
                {
                    NextStream = current.NextStream + draft.Born.Count,
                    NextIncarnation = current.NextIncarnation + 1,
                    NextTerm = current.NextTerm + Terms.Count,
                    Pipelines = [.. current.Pipelines.Select(entry => draft.Concerned.Contains(entry.Name)
                        ? entry with { Mark = draft.Terms.Mark }
                        : entry)],
                },
            cancellationToken);
        if (change is not { } answered)
        {
            mending.Look();
            return core.Away;
        }

        if (!answered.IsDone)
        {
            await reconciler.ReconcileAsync(answered.State);
            return Obstacle.Overtaken;
        }

        core.View = core.View.At(answered.State);
        return null;
    }

    /// <summary>Bears what the catalog is about to name; null where no majority of stores took it.</summary>
    private async Task<Dictionary<string, List<string>>?> BearAsync(CancellationToken cancellationToken)
    {
        var births = draft.Born.SelectMany(stream => Enumerable.Range(0, stream.Definition.Partitions)
            .Select(partition => new LogId(stream.Id, partition)))
            .Select(log => new Func<ValueTask<bool>>(() => core.Host.Partitions.BearAsync(log, cancellationToken)))
            .ToList();
        var born = new Dictionary<string, List<string>>();
        foreach (var pipeline in draft.Next.Pipelines.Where(IsTouched))
        {
            var known = pipeline.Entry.Born.ToHashSet();
            born[pipeline.Name] = [.. pipeline.Entry.Born
                .Union(pipeline.Instances.Select(static spec => spec.Id.Birth)).Order(StringComparer.Ordinal)];
            births.AddRange(pipeline.Instances.Where(spec => !known.Contains(spec.Id.Birth)).Select(spec =>
                new Func<ValueTask<bool>>(() =>
                    CheckpointRegister.BearAsync(core.Host.Registers, spec.Id, cancellationToken))));
        }

        var all = true;
        foreach (var some in births.Chunk(BirthsAtOnce))
        {
            foreach (var birth in some.Select(static birth => birth().AsTask()).ToList())
            {
                all &= await birth;
            }
        }

        return all ? born : null;
    }

    private bool IsTouched(DesiredPipeline pipeline) =>
        pipeline.Name == draft.Name || draft.Concerned.Contains(pipeline.Name);

    private async Task<Obstacle?> SeedAsync(
        List<RunningPipeline> cut, Dictionary<string, Succession> successions, CutRun run)
    {
        using var limit = new CancellationTokenSource(core.Host.Settings.CutTimeout, core.Host.Loop.Time);
        var seeding = new Seeding(core, draft.Terms, run);
        try
        {
            foreach (var pipeline in cut)
            {
                var name = pipeline.Entry.Name;
                if (await seeding.SeedAsync(
                    pipeline.Desired, draft.Next.Find(name)!, successions[name], pipeline.Entry.Elsewhere, limit.Token)
                    is { } obstacle)
                {
                    return obstacle;
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return Obstacle.NoMajority;
        }

        return null;
    }

    /// <summary>The gaps of streams that are kept from now on, or no longer; null where an end is not known.</summary>
    private async Task<IReadOnlyDictionary<StreamName, IReadOnlyList<CatalogGap>>?> GapsAsync(
        List<RunningPipeline> cut, CutRun run)
    {
        var gaps = new OutputGaps(core.View, run.Cursors);
        using var limit = new CancellationTokenSource(core.Host.Settings.CutTimeout, core.Host.Loop.Time);
        foreach (var pipeline in cut)
        {
            if (!await gaps.AddAsync(pipeline.Desired, draft.Next.Find(pipeline.Entry.Name)!, limit.Token))
            {
                return null;
            }
        }

        return gaps.ByStream;
    }

    /// <summary>The one change of the catalog with which it comes into force.</summary>
    private async Task<Obstacle?> SwitchAsync(
        Dictionary<string, List<string>> born,
        Dictionary<string, Succession> successions,
        IReadOnlyDictionary<StreamName, IReadOnlyList<CatalogGap>> gaps,
        Func<CatalogState, CatalogState> finish)
    {
        var change = await core.ChangeAsync(
            current => Stands(current) ? finish(Become(current, born, successions, gaps)) : null,
            CancellationToken.None);
        if (change is not { } answered)
        {
            return core.Unchanged;
        }

        if (!answered.IsDone)
        {
            return Obstacle.Overtaken;
        }

        await reconciler.ReconcileAsync(answered.State);
        return null;
    }

    /// <summary>Nobody began a later change of what this one concerns.</summary>
    private bool Stands(CatalogState current) =>
        draft.Concerned.All(name => current.Pipeline(name) is { } entry && entry.Mark == draft.Terms.Mark)
        && (draft.Concerned.Contains(draft.Name) || current.Pipeline(draft.Name) is null)
        && draft.Born.All(stream => current.Stream(stream.Definition.Name) is null);

    private CatalogState Become(
        CatalogState current,
        Dictionary<string, List<string>> born,
        Dictionary<string, Succession> successions,
        IReadOnlyDictionary<StreamName, IReadOnlyList<CatalogGap>> gaps)
    {
        foreach (var pipeline in draft.Next.Pipelines.Where(IsTouched))
        {
            var entry = pipeline.Entry with
            {
                IsPaused = current.Pipeline(pipeline.Name)?.IsPaused ?? pipeline.Entry.IsPaused,
                Born = born[pipeline.Name],
                Elsewhere = Elsewhere(pipeline, successions.GetValueOrDefault(pipeline.Name)),
            };
            current = CatalogRules.With(current, entry, pipeline.Plan!, draft.Born);
        }

        return current with
        {
            Streams = [.. current.Streams.Select(stream => gaps.TryGetValue(stream.Definition.Name, out var found)
                ? stream with { Gaps = found }
                : stream)],
        };
    }

    private List<string> Elsewhere(DesiredPipeline next, Succession? succession)
    {
        var births = next.Entry.Elsewhere.ToHashSet();
        foreach (var group in succession?.Elsewhere ?? [])
        {
            if (core.View.State.Stream(group.Input) is { } input)
            {
                births.Add(new InstanceId(next.Entry.Incarnation, group.Stage, input.Id, 0).Birth);
            }
        }

        births.ExceptWith(next.Instances.Select(static spec => spec.Id.Birth));
        return [.. births.Order(StringComparer.Ordinal)];
    }
}
