using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Pipeline.Grains.Calls;
using Pipeline.Grains.Keeping;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Pipelines;

namespace Pipeline.Grains.Clients;

/// <summary>The pipelines of a cluster: snapshots of what the keeper said last, changes by the keeper.</summary>
internal sealed class GrainPipelines(
    IKeeperGrain keeper,
    TimeProvider time,
    CatalogState state,
    Func<IReadOnlyList<PipelineStatus>> statuses,
    Func<Task> refresh)
    : IPipelines
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(28);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly PipelineOutcome Unreachable =
        new(PipelineOutcomeStatus.Unavailable, "The cluster's keeper does not answer; try again.");

    public async ValueTask<ApplyOutcome> ApplyAsync(ApplyRequest request, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(request);
        var answer = await AskAsync(() => keeper.ApplyAsync(json), cancellationToken);
        await refresh();
        return answer is null
            ? new ApplyOutcome(ApplyStatus.Unavailable) { Detail = Unreachable.Detail }
            : JsonSerializer.Deserialize<ApplyOutcome>(answer)!;
    }

    public IReadOnlyList<CatalogVersion>? Versions(string name) => state.Pipeline(name)?.Versions;

    public IReadOnlyList<PipelineStatus> List() => statuses();

    public bool TryGet(string name, [NotNullWhen(true)] out PipelineStatus? status)
    {
        status = statuses().FirstOrDefault(pipeline => pipeline.Name == name);
        return status is not null;
    }

    public ValueTask<PipelineOutcome> DeleteAsync(
        string name, bool deleteStreams, CancellationToken cancellationToken) => OrderAsync(
        new KeeperOrder(deleteStreams ? KeeperVerb.DeleteWithStreams : KeeperVerb.Delete, name), cancellationToken);

    public ValueTask<PipelineOutcome> PauseAsync(string name, CancellationToken cancellationToken) =>
        OrderAsync(new KeeperOrder(KeeperVerb.Pause, name), cancellationToken);

    public ValueTask<PipelineOutcome> ResumeAsync(string name, CancellationToken cancellationToken) =>
        OrderAsync(new KeeperOrder(KeeperVerb.Resume, name), cancellationToken);

    public async ValueTask<DeadLetterPage> DeadLettersAsync(
        string name, long fromOffset, int max, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(() => keeper.DeadLettersAsync(name, fromOffset, max), cancellationToken);
        if (answer is null)
        {
            return new DeadLetterPage(PipelineOutcomeStatus.Unavailable, [], fromOffset);
        }

        var page = JsonSerializer.Deserialize<LettersPage>(answer)!;
        return new DeadLetterPage(
            page.Status, [.. page.Letters.Select(static letter => (ReadOnlyMemory<byte>)letter)], page.Next);
    }

    public ValueTask<PipelineOutcome> RedriveAsync(string name, CancellationToken cancellationToken) =>
        OrderAsync(new KeeperOrder(KeeperVerb.Redrive, name), cancellationToken);

    public ValueTask<PipelineOutcome> SavepointAsync(string name, CancellationToken cancellationToken) =>
        OrderAsync(new KeeperOrder(KeeperVerb.Savepoint, name), cancellationToken);

    public ValueTask<PipelineOutcome> ReplayAsync(string name, long fromTicks, CancellationToken cancellationToken) =>
        OrderAsync(new KeeperOrder(KeeperVerb.Replay, name) { FromTicks = fromTicks }, cancellationToken);

    public ValueTask<PipelineOutcome> StageStateAsync(
        string name, string stage, string key, CancellationToken cancellationToken) => OrderAsync(
        new KeeperOrder(KeeperVerb.StageState, name) { Stage = stage, Key = key }, cancellationToken);

    private async ValueTask<PipelineOutcome> OrderAsync(KeeperOrder order, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(order);
        var answer = await AskAsync(() => keeper.CarryOutAsync(json), cancellationToken);
        await refresh();
        return answer is not null && JsonSerializer.Deserialize<KeeperOutcome>(answer) is { } outcome
            ? new PipelineOutcome(outcome.Status, outcome.Detail) { Readers = outcome.Readers }
            : Unreachable;
    }

    /// <summary>All of these may be carried out twice; null where nobody answers in time.</summary>
    private async ValueTask<byte[]?> AskAsync(Func<Task<byte[]?>> call, CancellationToken cancellationToken)
    {
        var retry = new Retry(time, Limit);
        while (true)
        {
            try
            {
                if (await call().WaitAsync(Patience, time, cancellationToken) is { } answer)
                {
                    return answer;
                }
            }
            catch (Exception fault) when (ClusterFault.Is(fault))
            {
                // Asked again, while there is time.
            }

            if (!await retry.AgainAsync(false, cancellationToken))
            {
                return null;
            }
        }
    }
}
