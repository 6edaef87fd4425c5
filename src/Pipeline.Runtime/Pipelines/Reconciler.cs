using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Brings what runs on this host to what the catalog says: the same steps after a start, a change, a pause, a deletion,
/// and after another process changed the catalog. What is as it should be is not touched.
/// </summary>
internal sealed class Reconciler(KeeperCore core)
{
    /// <summary>Stops what should not run, opens and starts what should; the view shows all of it then.</summary>
    public async Task ReconcileAsync(CatalogState state)
    {
        var desired = core.Desired(state);
        var before = core.View;
        var streams = Open(state, before);
        var kept = Kept(desired, before);
        var known = before.Instances.DistinctBy(static running => running.Id)
            .ToDictionary(static running => running.Id);
        await core.StopAsync(before.Instances.Where(running => !kept.ContainsKey(running.Address)), true);
        var pipelines = desired.Pipelines.Select(pipeline => new RunningPipeline(
            pipeline,
            [.. pipeline.Instances.Select(spec => kept.GetValueOrDefault(spec.Address)
                ?? Make(pipeline, spec, streams, known.GetValueOrDefault(spec.Id)))])).ToList();
        core.View = KeeperView.Of(state, streams.Values, pipelines);
        foreach (var pipeline in pipelines)
        {
            Start(pipeline);
        }

        await CloseAsync(before);
    }

    /// <summary>A new handle, which shows what the one before it knew until it knows better.</summary>
    private RunningInstance Make(
        DesiredPipeline pipeline,
        InstanceSpec spec,
        IReadOnlyDictionary<StreamName, CatalogedStream> streams,
        RunningInstance? before)
    {
        var made = core.Make(pipeline, spec, streams);
        if (before?.DurableCursor is { } cursor)
        {
            made.See(new StageCheckpointView(cursor, before.Status.CheckpointTime ?? 0));
        }

        return made;
    }

    /// <summary>Handles that go on: what they run is wanted, and they are not in the way of a pause.</summary>
    private static Dictionary<InstanceAddress, RunningInstance> Kept(DesiredState desired, KeeperView before)
    {
        var paused = desired.Pipelines.SelectMany(pipeline => pipeline.Instances
            .Select(spec => (spec.Address, pipeline.Entry.IsPaused))).ToDictionary();
        return before.Instances
            .Where(running => !running.IsOver && paused.TryGetValue(running.Address, out var isPaused)
                && (!isPaused || !running.IsStarted))
            .ToDictionary(running => running.Address);
    }

    private void Start(RunningPipeline pipeline)
    {
        foreach (var running in pipeline.Instances.Where(static running => !running.IsStarted))
        {
            if (pipeline.Entry.IsPaused)
            {
                core.Host.Loop.Run("looking at a paused instance", () => LookAsync(running));
            }
            else
            {
                running.Start();
            }
        }

        foreach (var running in pipeline.Instances)
        {
            running.Stage?.SeeTo();
        }
    }

    /// <summary>A paused instance shows what its register says; retention asks it as well.</summary>
    private async Task LookAsync(RunningInstance running)
    {
        var register = new CheckpointRegister(core.Host.Registers, core.Host.Stores, running.Id);
        while (!running.IsStarted && !running.IsOver)
        {
            if (await register.PeekAsync(CancellationToken.None) is { } found)
            {
                running.See(new StageCheckpointView(found.Cursor, found.Time));
                return;
            }

            await Task.Delay(core.Host.Settings.RetryDelay, core.Host.Loop.Time);
        }
    }

    /// <summary>All streams of the catalog, those that are new opened.</summary>
    private Dictionary<StreamName, CatalogedStream> Open(CatalogState state, KeeperView before)
    {
        var streams = new Dictionary<StreamName, CatalogedStream>();
        foreach (var stream in state.Streams)
        {
            var name = stream.Definition.Name;
            if (before.Streams.TryGetValue(name, out var open) && open.Id == stream.Id)
            {
                open.Change(stream, core.Host.Partitions);
                streams[name] = open;
            }
            else
            {
                streams[name] = new CatalogedStream(stream, core.Host.Partitions);
            }
        }

        return streams;
    }

    /// <summary>Partitions of streams that are not there any more serve no longer.</summary>
    private async Task CloseAsync(KeeperView before)
    {
        var ids = core.View.Streams.Values.Select(stream => stream.Id).ToHashSet();
        foreach (var partition in before.Streams.Values.Where(stream => !ids.Contains(stream.Id))
            .SelectMany(stream => stream.Partitions))
        {
            await core.Host.Partitions.CloseAsync(partition);
        }
    }
}
