using System.Buffers;
using Pipeline.Kernel.Identity;
using Pipeline.Kernel.Stages;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Partitions;

namespace Pipeline.Runtime.Pipelines;

/// <summary>The instances that hold the state of some stages.</summary>
internal sealed class StageHolders(KeeperCore core, RunningPipeline pipeline, IReadOnlyList<StageForm> stages)
{
    /// <summary>
    /// All of them, where no event ever came to one and their checkpoints hold what a new one would; null: they may
    /// hold something, or nobody can say.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<InstanceId>?> FindUnusedAsync(CancellationToken cancellationToken)
    {
        var holders = stages.SelectMany(stage => pipeline.Instances
            .Where(running => IsGroup(running, stage.Home.Name, stage.Home.Input)
                || IsGroup(running, stage.Entry.Name, stage.Entry.Input))
            .Select(running => (Stage: stage, Running: running))).ToList();
        if (holders.Count == 0 || holders.Exists(static one => one.Running.Input.Status.Committed.Value > 0))
        {
            return null;
        }

        foreach (var (stage, running) in holders)
        {
            if (!await IsUnusedAsync(stage, running, cancellationToken))
            {
                return null;
            }
        }

        return [.. holders.Select(static one => one.Running.Id).Distinct()];
    }

    /// <summary>
    /// A state may have moved here from another instance, so that an input without events alone says nothing.
    /// </summary>
    private async Task<bool> IsUnusedAsync(
        StageForm stage, RunningInstance running, CancellationToken cancellationToken)
    {
        var register = new CheckpointRegister(core.Host.Registers, core.Host.Stores, running.Id);
        return await register.PeekAsync(cancellationToken) is { Cursor: 0 } checkpoint
            && await register.SnapshotAsync(checkpoint, cancellationToken) is { } bytes
            && (bytes.IsEmpty || StageSnapshotCodec.Read(bytes.Span).Operators.All(state => IsNew(stage, state)))
            && await IsEmptyAsync(running.Input, cancellationToken);
    }

    /// <summary>
    /// Asked for the first event: an answer about the end is waited for in a cluster, in case its owner has changed.
    /// </summary>
    private static async ValueTask<bool> IsEmptyAsync(IPartition partition, CancellationToken cancellationToken)
    {
        var read = await partition.ReadAsync(
            new ReadRequest { From = new LogOffset(0), MaxBytes = 1 }, cancellationToken);
        return read.Status == ReadStatus.Ok && read.Blocks.Count == 0 && read.Committed.Value == 0;
    }

    private static bool IsNew(StageForm stage, OperatorState state)
    {
        if (state.Name != stage.Stage)
        {
            return true;
        }

        var fresh = new ArrayBufferWriter<byte>();
        stage.Node.Node.CreateOperator().Save(fresh);
        return state.State.Span.SequenceEqual(fresh.WrittenSpan);
    }

    private static bool IsGroup(RunningInstance running, string name, StreamName input) =>
        running.Group is { } group && group.Name == name && group.Input == input;
}
