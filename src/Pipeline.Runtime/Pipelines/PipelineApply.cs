using System.Text;
using Pipeline.Definitions;
using Pipeline.Definitions.Planning;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Blobs;
using Pipeline.Processing.Instances;
using Pipeline.Processing.Sinks;
using Pipeline.Processing.Tables;
using Pipeline.Replication.Records;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Consumers;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Checks a definition and puts it into force. A crash at any moment leaves the old one in force, or the new.
/// </summary>
internal sealed class PipelineApply(KeeperCore core, Reconciler reconciler, Mending mending)
{
    private const int MostTries = 5;

    /// <summary>Only read here: it draws nothing that matters.</summary>
    private readonly ConsumerStore _consumers = new(new RecordStore(core.Host.Registers, new Random(0)));

    public async Task<ApplyOutcome> ApplyAsync(ApplyRequest request, CancellationToken cancellationToken)
    {
        var outcome = new ApplyOutcome(ApplyStatus.Unavailable);
        for (var tries = 0; tries < MostTries; tries++)
        {
            outcome = await ReadAsync(request, isTrial: false, cancellationToken);
            if (outcome.Detail != Obstacle.Overtaken.Detail)
            {
                break;
            }
        }

        if (outcome is { Status: ApplyStatus.StateWouldBeLost, Pipeline: { } now } && request.FileName is { } file)
        {
            core.RefusedFiles[now.Name] = new RefusedFile(file, now.Incarnation, now.Generation, outcome.Changes);
        }

        return outcome;
    }

    /// <summary>Says what it would do, and does nothing.</summary>
    public Task<ApplyOutcome> TryAsync(ApplyRequest request, CancellationToken cancellationToken) =>
        ReadAsync(request, isTrial: true, cancellationToken);

    private async Task<ApplyOutcome> ReadAsync(
        ApplyRequest request, bool isTrial, CancellationToken cancellationToken)
    {
        if (!await mending.TryAsync())
        {
            return Refused(core.Away);
        }

        var state = core.View.State;
        var hash = Hash128.Of(Encoding.UTF8.GetBytes(request.Text)).ToString();
        if (request.FileName is { } file && state.Files.GetValueOrDefault(file) == hash)
        {
            return new ApplyOutcome(ApplyStatus.Unchanged);
        }

        var read = DefinitionReader.Read(request.Text, core.Planning.Variables, cancellationToken);
        if (read.Definition is not { } definition)
        {
            return Invalid(read.Errors);
        }

        if (request.Name is { } name && name != definition.Name)
        {
            var (line, column) = definition.NamePosition;
            return Invalid([new DefinitionError(
                line, column, $"The definition names pipeline '{definition.Name}', the request '{name}'.")]);
        }

        var old = core.View.Pipelines.GetValueOrDefault(definition.Name);
        if (core.Expected(definition.Name, request.IfGeneration) is { } refused)
        {
            return new ApplyOutcome(ApplyStatus.PreconditionFailed) { Detail = refused.Detail, Pipeline = old?.Status };
        }

        var reset = new StateReset(request, definition);
        if (!isTrial && old is { Plan: { } same } && old.Entry.Text == request.Text)
        {
            return reset.Unknown([.. StageForm.Of(same).Select(static form => form.Identity.Stage).Distinct()])
                ?? await MarkFileAsync(request, hash, old, cancellationToken);
        }

        var (draft, refusal) = await DraftAsync(request, definition, old, cancellationToken);
        if (draft is null)
        {
            return refusal!;
        }

        var states = await HeldStates.OfAsync(core, draft, cancellationToken);
        return UnknownStage(reset, states, old)
            ?? (isTrial ? await SayAsync(states, old, cancellationToken)
                : states.FindObstacle(reset) is { } lost ? Refused(lost, old)
                : await RunAsync(
                    request, hash, draft, old, cursors => states.FindObstacle(cursors, reset), cancellationToken));
    }

    /// <summary>The refusal where a reset names what is no stage.</summary>
    private ApplyOutcome? UnknownStage(StateReset reset, HeldStates states, RunningPipeline? old)
    {
        var names = states.Names.ToList();
        IEnumerable<string> earlier = old is null
            ? []
            : old.Entry.Versions.Select(static version => version.Text).Append(old.Entry.Text);
        return reset.Unknown(names)
            ?? (reset.Mistakes(names, earlier, core.Planning.Variables) is { Count: > 0 } mistakes
                ? Invalid(mistakes)
                : null);
    }

    private async Task<ApplyOutcome> SayAsync(
        HeldStates states, RunningPipeline? old, CancellationToken cancellationToken) =>
        await states.DescribeAsync(cancellationToken) is { } changes
            ? new ApplyOutcome(ApplyStatus.Valid) { Pipeline = old?.Status, Changes = changes }
            : Refused(core.Away);

    /// <summary>Plans it against all other pipelines; a refusal where that cannot be.</summary>
    private async Task<(ChangeDraft? Draft, ApplyOutcome? Refusal)> DraftAsync(
        ApplyRequest request,
        PipelineDefinition definition,
        RunningPipeline? old,
        CancellationToken cancellationToken)
    {
        var state = core.View.State;
        var others = core.View.Pipelines.Values.Where(other => other.Entry.Name != definition.Name).ToList();
        if (await ConsumersAsync(state, definition.Name, cancellationToken) is not { } consumers)
        {
            return (null, Refused(core.Away));
        }

        var kept = KeptOf(definition.Name, others, consumers);
        var planning = core.Planning.Plan(
            state, definition, kept, others.SelectMany(other => other.Plan?.NotKept ?? []));
        if (planning.Plan is not { } plan)
        {
            return (null, Invalid(planning.Errors));
        }

        var places = await core.Sinks.PlacesAsync(plan, cancellationToken);
        IReadOnlyList<DefinitionError> wrong =
        [
            .. SinkDirectories.Mistakes(places, await core.Sinks.FoldersAsync(cancellationToken)),
            .. TableConnection.Mistakes(plan),
            .. BlobFiles.Mistakes(plan),
            .. core.Host.Settings.WebhookHosts.Mistakes(plan),
        ];
        if (wrong.Count > 0)
        {
            return (null, Invalid(DefinitionErrors.Bounded(wrong)));
        }

        if (StreamReaders.OfDropped(old, plan, others, consumers) is { Count: > 0 } readers)
        {
            return (null, InUse(definition.Name, readers));
        }

        var draft = ChangeDraft.Of(state, Entry(request, plan, kept, old), Wanted(plan, others), core.Planning.Plan);
        IReadOnlyList<DefinitionError> conflicts =
        [
            .. CatalogRules.Conflicts(state, plan),
            .. draft.Conflicts,
            .. SinkDirectories.Conflicts(places, await TakenAsync(others, cancellationToken)),
            .. core.Host.Settings.Limits.Exceeded(state, plan, request.Text),
        ];
        return conflicts.Count > 0
            ? (null, new ApplyOutcome(ApplyStatus.Conflict) { Errors = DefinitionErrors.Bounded(conflicts) })
            : (draft, null);
    }

    private async Task<ApplyOutcome> RunAsync(
        ApplyRequest request,
        string hash,
        ChangeDraft draft,
        RunningPipeline? old,
        Func<IReadOnlyDictionary<InstanceId, long>, Obstacle?> findObstacle,
        CancellationToken cancellationToken)
    {
        var obstacle = await new ChangeRun(core, reconciler, mending, draft).RunAsync(
            findObstacle,
            next => CatalogRules.WithFile(next, request.FileName, hash), cancellationToken);
        var now = core.View.Pipelines.GetValueOrDefault(draft.Name);
        if (obstacle is { Status: ApplyStatus.OutcomeUnknown } && !mending.IsDue && !core.IsOvertaken)
        {
            // The catalog was read after it: now it is known.
            obstacle = now?.Entry.Text == request.Text && now.Entry.Generation > (old?.Entry.Generation ?? 0)
                ? null
                : Obstacle.NoMajority;
        }

        return obstacle is not null
            ? Refused(obstacle, now)
            : new ApplyOutcome(ApplyStatus.Applied) { Pipeline = now?.Status };
    }

    /// <summary>Its entry in the catalog, but for the numbers that the change takes.</summary>
    private CatalogPipeline Entry(
        ApplyRequest request, PipelinePlan plan, IReadOnlyList<string> kept, RunningPipeline? old) =>
        new()
        {
            Name = plan.Name,
            Incarnation = 0,
            Generation = (old?.Entry.Generation ?? 0) + 1,
            Text = request.Text,
            MediaType = request.MediaType,
            IsPaused = old?.Entry.IsPaused ?? false,
            Kept = kept,
            Born = old?.Entry.Born ?? [],
            Elsewhere = old?.Entry.Elsewhere ?? [],
            Versions = old is null
                ? []
                : CatalogVersion.Add(old.Entry.Versions, new CatalogVersion(
                    old.Entry.Generation,
                    old.Entry.Text,
                    old.Entry.MediaType,
                    core.Host.Loop.Time.GetUtcNow().UtcTicks)),
        };

    /// <summary>It is in force already; its file is not to be applied again.</summary>
    private async Task<ApplyOutcome> MarkFileAsync(
        ApplyRequest request, string hash, RunningPipeline pipeline, CancellationToken cancellationToken)
    {
        if (request.FileName is not null)
        {
            var change = await core.ChangeAsync(
                state => CatalogRules.WithFile(state, request.FileName, hash), cancellationToken);
            if (change is null)
            {
                mending.Look();
                return Refused(core.Unchanged);
            }

            await reconciler.ReconcileAsync(change.State);
        }

        return new ApplyOutcome(ApplyStatus.Unchanged) { Pipeline = pipeline.Status };
    }

    /// <summary>Named consumers of a pipeline's outputs, by stream; null: nobody can say.</summary>
    private async Task<ILookup<StreamName, string>?> ConsumersAsync(
        CatalogState state, string pipeline, CancellationToken cancellationToken)
    {
        var names = await _consumers.NamesAsync(cancellationToken);
        return names is null ? null : state.Streams
            .Where(stream => stream.Definition.Name.Value.StartsWith(pipeline + ".", StringComparison.Ordinal))
            .SelectMany(stream => names[stream.Id], static (stream, name) => (stream.Definition.Name, name))
            .ToLookup(static pair => pair.Name, static pair => pair.name);
    }

    /// <summary>Stages of a pipeline whose output others read.</summary>
    private static List<string> KeptOf(
        string pipeline, IEnumerable<RunningPipeline> others, ILookup<StreamName, string> consumers) =>
    [
        .. others.SelectMany(other => other.Plan?.Inputs ?? []).Concat(consumers.Select(static one => one.Key))
            .Where(stream => stream.Value.StartsWith(pipeline + ".", StringComparison.Ordinal))
            .Select(stream => stream.Value[(pipeline.Length + 1)..])
            .Distinct().Order(StringComparer.Ordinal),
    ];

    /// <summary>Outputs of other pipelines that a plan reads and that are not kept yet.</summary>
    private static List<(string Pipeline, string Stage)> Wanted(
        PipelinePlan plan, IEnumerable<RunningPipeline> others) =>
    [
        .. from other in others
           from stream in other.Plan?.NotKept ?? []
           where plan.Inputs.Contains(stream.Name)
           select (other.Entry.Name, stream.Stage!),
    ];

    /// <summary>Where the sinks of other pipelines write.</summary>
    private async Task<IReadOnlyList<SinkDirectories.Place>> TakenAsync(
        IReadOnlyList<RunningPipeline> others, CancellationToken cancellationToken)
    {
        var taken = new List<SinkDirectories.Place>();
        foreach (var plan in others.Select(static other => other.Plan).OfType<PipelinePlan>())
        {
            taken.AddRange(await core.Sinks.PlacesAsync(plan, cancellationToken));
        }

        return taken;
    }

    private static ApplyOutcome Invalid(IReadOnlyList<DefinitionError> errors) =>
        new(ApplyStatus.Invalid) { Errors = errors };

    private static ApplyOutcome InUse(string name, IReadOnlyList<string> readers) => new(ApplyStatus.InUse)
    {
        Detail = $"Outputs that the new definition of '{name}' does not have any more are read by "
            + $"{string.Join(", ", readers)}.",
        Readers = readers,
    };

    private static ApplyOutcome Refused(Obstacle obstacle, RunningPipeline? pipeline = null) => new(obstacle.Status)
    {
        Detail = obstacle.Detail,
        Pipeline = pipeline?.Status,
        Changes = obstacle.Lost,
    };
}
