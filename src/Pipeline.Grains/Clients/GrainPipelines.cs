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
    /// <summary>A silo that does not answer may be frozen: then the keeper is soon another one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How long a change may take at most, which nobody has refused.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(28);

    /// <summary>How long it may be that no keeper serves.</summary>
    private static readonly TimeSpan ServingLimit = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan ServePatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeastServePatience = TimeSpan.FromSeconds(1);
    private const string Unanswered =
        "The cluster's keeper did not answer: it may have been carried out; look at the pipeline, then try again.";

    private const string NotServing = "The cluster's keeper does not serve yet: nothing was changed; try again.";

    public async ValueTask<ApplyOutcome> ApplyAsync(ApplyRequest request, CancellationToken cancellationToken)
    {
        var (answer, isRepeated) = await AskAsync(
            elapsed => keeper.ApplyAsync(JsonSerializer.SerializeToUtf8Bytes(request with
            {
                ServeWithin = ServePatience - elapsed > LeastServePatience
                    ? ServePatience - elapsed
                    : LeastServePatience,
            })),
            cancellationToken);
        await refresh();
        if (answer is null)
        {
            return isRepeated
                ? new ApplyOutcome(ApplyStatus.OutcomeUnknown) { Detail = Unanswered }
                : new ApplyOutcome(ApplyStatus.Unavailable) { Detail = NotServing };
        }

        // An earlier try may have been carried out without an answer: then its generation is there, and its text.
        var outcome = JsonSerializer.Deserialize<ApplyOutcome>(answer)!;
        return isRepeated && outcome is { Status: ApplyStatus.PreconditionFailed, Pipeline: { } now }
            && now.Definition == request.Text
            ? outcome with { Status = ApplyStatus.Applied, Detail = null }
            : outcome;
    }

    public async ValueTask<ApplyOutcome> TryAsync(ApplyRequest request, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(request);
        var (answer, _) = await AskAsync(_ => keeper.TryAsync(json), cancellationToken);
        return answer is null
            ? new ApplyOutcome(ApplyStatus.Unavailable) { Detail = NotServing }
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
        string name, bool deleteStreams, long? ifGeneration, CancellationToken cancellationToken)
    {
        var verb = deleteStreams ? KeeperVerb.DeleteWithStreams : KeeperVerb.Delete;
        return OrderAsync(new KeeperOrder(verb, name) { IfGeneration = ifGeneration }, cancellationToken);
    }

    public ValueTask<PipelineOutcome> PauseAsync(
        string name, long? ifGeneration, CancellationToken cancellationToken) =>
        OrderAsync(new KeeperOrder(KeeperVerb.Pause, name) { IfGeneration = ifGeneration }, cancellationToken);

    public ValueTask<PipelineOutcome> ResumeAsync(
        string name, long? ifGeneration, CancellationToken cancellationToken) =>
        OrderAsync(new KeeperOrder(KeeperVerb.Resume, name) { IfGeneration = ifGeneration }, cancellationToken);

    public async ValueTask<DeadLetterPage> DeadLettersAsync(
        string name, long fromOffset, int max, CancellationToken cancellationToken)
    {
        var (answer, _) = await AskAsync(_ => keeper.DeadLettersAsync(name, fromOffset, max), cancellationToken);
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
        var (answer, isRepeated) = await AskAsync(_ => keeper.CarryOutAsync(json), cancellationToken);
        await refresh();
        if (answer is null || JsonSerializer.Deserialize<KeeperOutcome>(answer) is not { } outcome)
        {
            return isRepeated
                ? new PipelineOutcome(PipelineOutcomeStatus.OutcomeUnknown, Unanswered)
                : new PipelineOutcome(PipelineOutcomeStatus.Unavailable, NotServing);
        }

        // What an earlier try has deleted, the next does not find.
        return isRepeated && outcome.Status == PipelineOutcomeStatus.NotFound
            && order.Verb is KeeperVerb.Delete or KeeperVerb.DeleteWithStreams
            ? new PipelineOutcome(PipelineOutcomeStatus.Done)
            : new PipelineOutcome(outcome.Status, outcome.Detail) { Readers = outcome.Readers };
    }

    /// <summary>
    /// All of these may be carried out twice; while the keeper is at work on one, asking again joins it. Null where
    /// nobody answers in time. Repeated: a try went without an answer, and may have been carried out.
    /// </summary>
    private async ValueTask<(byte[]? Answer, bool IsRepeated)> AskAsync(
        Func<TimeSpan, Task<byte[]?>> ask, CancellationToken cancellationToken)
    {
        KeeperCalls.Mark(Guid.NewGuid());
        var started = time.GetTimestamp();
        var silent = new Retry(time, Limit);
        var serving = new Retry(time, ServingLimit);
        var isRepeated = false;
        while (true)
        {
            var wasSilent = false;
            try
            {
                if (await ask(time.GetElapsedTime(started)).WaitAsync(Patience, time, cancellationToken) is { } answer)
                {
                    return (answer, isRepeated);
                }
            }
            catch (Exception fault) when (ClusterFault.Is(fault))
            {
                wasSilent = isRepeated = true;
            }

            if (!await (wasSilent ? silent : serving).AgainAsync(false, cancellationToken))
            {
                return (null, isRepeated);
            }
        }
    }
}
