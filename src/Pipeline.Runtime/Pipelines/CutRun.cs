using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Cuts the instances whose layout ends, with the layout they have: first those that end where their targets are, side
/// by side; then, upstream first, those that read their input to its end.
/// </summary>
internal sealed class CutRun(KeeperCore core, Terms terms, IReadOnlyDictionary<string, Succession> successions)
{
    private const int AtOnce = 64;
    private readonly Dictionary<InstanceId, long> _cursors = [];
    private readonly Dictionary<PartitionId, long> _ends = [];

    /// <summary>Where each instance was cut.</summary>
    public IReadOnlyDictionary<InstanceId, long> Cursors => _cursors;

    /// <summary>Null: all are cut. They are stopped in any case.</summary>
    public async Task<Obstacle?> RunAsync(IReadOnlyList<RunningPipeline> pipelines)
    {
        await core.StopAsync(pipelines.SelectMany(pipeline => pipeline.Instances), withCheckpoint: true);
        using var limit = new CancellationTokenSource(core.Host.Settings.CutTimeout, core.Host.Loop.Time);
        var drained = pipelines.SelectMany(pipeline => Drained(pipeline).Select(group => (pipeline, group))).ToList();
        var last = drained.Select(static pair => (pair.pipeline.Entry.Name, pair.group.Name, pair.group.Input))
            .ToHashSet();
        var first = pipelines.SelectMany(pipeline => pipeline.Instances
            .Where(running => !last.Contains((pipeline.Entry.Name, running.Id.Stage, running.Spec.Input)))
            .Select(running => (pipeline, running))).ToList();
        foreach (var some in first.Chunk(AtOnce))
        {
            if (await CutAsync(some, static _ => ValueTask.FromResult<long?>(null), limit.Token) is { } obstacle)
            {
                return obstacle;
            }
        }

        foreach (var (pipeline, group) in drained)
        {
            var some = pipeline.Instances
                .Where(running => running.Id.Stage == group.Name && running.Spec.Input == group.Input)
                .Select(running => (pipeline, running)).ToArray();
            if (await CutAsync(some, running => OneEndAsync(running.Input, limit.Token), limit.Token) is { } obstacle)
            {
                return obstacle;
            }
        }

        return pipelines.Select(Apart).FirstOrDefault(static obstacle => obstacle is not null);
    }

    /// <summary>The end that all who are to read to it go by: the first that was found.</summary>
    private async ValueTask<long?> OneEndAsync(IPartition partition, CancellationToken cancellationToken)
    {
        if (!_ends.TryGetValue(partition.Id, out var end))
        {
            if (await EndAsync(partition, cancellationToken) is not { } found)
            {
                return null;
            }

            _ends[partition.Id] = end = found;
        }

        return end;
    }

    /// <summary>Groups that one group goes on for, and that did not come to one place.</summary>
    private Obstacle? Apart(RunningPipeline pipeline)
    {
        foreach (var joined in successions.GetValueOrDefault(pipeline.Entry.Name)?.Joined ?? [])
        {
            var apart = pipeline.Instances
                .Where(running => joined.Any(
                    group => group.Name == running.Id.Stage && group.Input == running.Spec.Input))
                .GroupBy(static running => running.Id.Partition)
                .FirstOrDefault(same => same.Select(running => _cursors[running.Id]).Distinct().Skip(1).Any());
            if (apart is not null)
            {
                return new Obstacle(ApplyStatus.Unavailable, Sentence(
                    pipeline, apart.First(), "others that share a step from now on were read further; try again"));
            }
        }

        return null;
    }

    /// <summary>The committed end of a partition, as it is now; null where it does not answer.</summary>
    public static async ValueTask<long?> EndAsync(IPartition partition, CancellationToken cancellationToken)
    {
        var read = await partition.ReadAsync(
            new ReadRequest { From = new LogOffset(long.MaxValue >> 1), MaxBytes = 1 }, cancellationToken);
        return read.Status == ReadStatus.BeyondEnd ? read.Committed.Value : null;
    }

    private IReadOnlyList<GroupPlan> Drained(RunningPipeline pipeline) =>
        successions.TryGetValue(pipeline.Entry.Name, out var succession) ? succession.Drained : [];

    private async Task<Obstacle?> CutAsync(
        IReadOnlyList<(RunningPipeline Pipeline, RunningInstance Running)> instances,
        Func<RunningInstance, ValueTask<long?>> drainTo,
        CancellationToken limit)
    {
        var cuts = instances.Select(pair => CutAsync(pair.Pipeline, pair.Running, drainTo, limit)).ToList();
        Obstacle? worst = null;
        foreach (var cut in cuts)
        {
            var obstacle = await cut;
            worst = worst is null || obstacle?.Status == ApplyStatus.CutImpossible ? obstacle ?? worst : worst;
        }

        return worst;
    }

    private async Task<Obstacle?> CutAsync(
        RunningPipeline pipeline,
        RunningInstance running,
        Func<RunningInstance, ValueTask<long?>> drainTo,
        CancellationToken limit)
    {
        var reason = "it was not tried";
        try
        {
            for (var attempt = 0; attempt < Terms.Attempts && !limit.IsCancellationRequested; attempt++)
            {
                var end = await drainTo(running);
                var cutter = core.Make(pipeline.Desired, running.Spec, core.View.Streams);
                var order = new CutOrder(terms.Mark + attempt, end);
                var result = await cutter.CutAsync(order, limit);
                switch (result.Status)
                {
                    case CutStatus.Clean:
                        _cursors[running.Id] = result.Cursor;
                        return null;
                    case CutStatus.Impossible:
                        return new Obstacle(ApplyStatus.CutImpossible, Sentence(pipeline, running, result.Reason));
                }

                reason = result.Reason ?? reason;
                await core.Host.Loop.PauseAsync(core.Host.Settings.RetryDelay, limit);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // No time left.
        }

        return new Obstacle(ApplyStatus.Unavailable, Sentence(pipeline, running, reason) + "; try again");
    }

    private static string Sentence(RunningPipeline pipeline, RunningInstance running, string? reason) =>
        $"Stage or sink '{pipeline.Entry.Name}.{running.Id.Stage}' (partition {running.Id.Partition}) could not be "
        + $"brought to a checkpoint that the new definition can go on from: {reason}";
}
