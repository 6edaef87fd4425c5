using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Definitions;
using Pipeline.Runtime.Planning;
using Pipeline.Runtime.Sinks;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Puts a definition into force: check; bear the registers of new logs and instances; stop what ran before at a
/// checkpoint; one change of the catalog; start. A crash in between leaves the old definition in force, or the new one.
/// </summary>
internal sealed class PipelineApply(KeeperCore core)
{
    public async Task<ApplyOutcome> ApplyAsync(ApplyRequest request, CancellationToken cancellationToken)
    {
        var state = core.View.State;
        var hash = Hash128.Of(Encoding.UTF8.GetBytes(request.Text)).ToString();
        if (request.FileName is { } file && state.Files.GetValueOrDefault(file) == hash)
        {
            return new ApplyOutcome(ApplyStatus.Unchanged);
        }

        var read = DefinitionReader.Read(request.Text, core.Host.Settings.Variables, cancellationToken);
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

        var planning = PipelinePlanner.Plan(definition, core.World(state, definition.Name));
        if (planning.Plan is not { } plan)
        {
            return Invalid(planning.Errors);
        }

        var places = await core.Sinks.PlacesAsync(plan, cancellationToken);
        if (SinkDirectories.Mistakes(places, await core.Sinks.FoldersAsync(cancellationToken)) is { Count: > 0 } wrong)
        {
            return Invalid(wrong);
        }

        var limits = core.Host.Settings.Limits;
        IReadOnlyList<DefinitionError> conflicts =
        [
            .. CatalogRules.Conflicts(state, plan),
            .. SinkDirectories.Conflicts(places, await TakenAsync(plan.Name, cancellationToken)),
            .. limits.Exceeded(state, plan, request.Text),
        ];
        if (conflicts.Count > 0)
        {
            return new ApplyOutcome(ApplyStatus.Conflict) { Errors = DefinitionErrors.Bounded(conflicts) };
        }

        return await PutIntoForceAsync(request, hash, plan, cancellationToken);
    }

    /// <summary>Where the sinks of other pipelines write.</summary>
    private async Task<IReadOnlyList<SinkDirectories.Place>> TakenAsync(
        string pipeline, CancellationToken cancellationToken)
    {
        var taken = new List<SinkDirectories.Place>();
        foreach (var other in core.View.Pipelines.Values.Where(other => other.Entry.Name != pipeline))
        {
            taken.AddRange(other.Plan is { } plan ? await core.Sinks.PlacesAsync(plan, cancellationToken) : []);
        }

        return taken;
    }

    private async Task<ApplyOutcome> PutIntoForceAsync(
        ApplyRequest request, string hash, PipelinePlan plan, CancellationToken cancellationToken)
    {
        var old = core.View.Pipelines.GetValueOrDefault(plan.Name);
        if (old is { Plan: not null } && old.Entry.Text == request.Text)
        {
            var marked = await core.Catalog.ChangeAsync(
                state => CatalogRules.WithFile(state, request.FileName, hash), cancellationToken);
            core.View = marked is null ? core.View : core.View.At(marked);
            return new ApplyOutcome(ApplyStatus.Unchanged) { Pipeline = old.Status };
        }

        if (await ReserveAsync(plan, cancellationToken) is not { } reserved)
        {
            return Unavailable();
        }

        var entry = new CatalogPipeline
        {
            Name = plan.Name,
            Incarnation = old?.Entry.Incarnation ?? reserved.Incarnation,
            Generation = (old?.Entry.Generation ?? 0) + 1,
            Text = request.Text,
            MediaType = request.MediaType,
            IsPaused = old?.Entry.IsPaused ?? false,
        };
        if (await BearAsync(entry, old, plan, reserved.Streams, cancellationToken) is not { } born)
        {
            return Unavailable();
        }

        entry = entry with { Born = born };
        await core.StopAsync(old?.Instances ?? [], withCheckpoint: true);
        var isOvertaken = false;
        var state = await core.Catalog.ChangeAsync(
            current =>
            {
                isOvertaken = !CatalogRules.Stands(current, old?.Entry, entry.Name, reserved.Streams);
                return isOvertaken
                    ? null
                    : CatalogRules.WithFile(
                        CatalogRules.With(current, entry, plan, reserved.Streams), request.FileName, hash);
            },
            cancellationToken);
        if (state is null)
        {
            await ReopenAsync(old);
            return Unavailable();
        }

        if (isOvertaken)
        {
            await CatchUpAsync(state);
            return Overtaken();
        }

        return new ApplyOutcome(ApplyStatus.Applied) { Pipeline = (await StartAsync(state, entry, plan)).Status };
    }

    /// <summary>Another process changed the catalog meanwhile: what it says is in force here as well.</summary>
    private async Task CatchUpAsync(CatalogState state)
    {
        core.View = core.View.At(state);
        foreach (var entry in state.Pipelines)
        {
            var here = core.View.Pipelines.GetValueOrDefault(entry.Name);
            var isSame = here is not null && CatalogRules.IsSame(here.Entry, entry);
            if (!isSame && core.Plan(state, entry).Plan is { } plan)
            {
                await core.StopAsync(here?.Instances ?? [], withCheckpoint: false);
                await StartAsync(state, entry, plan);
            }
            else if (here is not null)
            {
                await ReopenAsync(here);
            }
        }
    }

    /// <summary>Numbers that no other stream or pipeline will ever get.</summary>
    private async Task<(long Incarnation, IReadOnlyList<CatalogStream> Streams)?> ReserveAsync(
        PipelinePlan plan, CancellationToken cancellationToken)
    {
        var missing = CatalogRules.Missing(core.View.State, plan);
        var state = await core.Catalog.ChangeAsync(
            current => current with
            {
                NextStream = current.NextStream + missing.Count,
                NextIncarnation = current.NextIncarnation + 1,
            },
            cancellationToken);
        if (state is null)
        {
            return null;
        }

        core.View = core.View.At(state);
        var first = state.NextStream - missing.Count;
        return (state.NextIncarnation - 1, [.. missing.Select((stream, i) => new CatalogStream(first + i, stream))]);
    }

    /// <summary>Bears what the catalog is about to name; null where no majority of stores took it.</summary>
    private async Task<IReadOnlyList<string>?> BearAsync(
        CatalogPipeline entry,
        RunningPipeline? old,
        PipelinePlan plan,
        IReadOnlyList<CatalogStream> streams,
        CancellationToken cancellationToken)
    {
        var births = new Births(cancellationToken);
        foreach (var log in streams.SelectMany(static stream => Enumerable.Range(0, stream.Definition.Partitions)
            .Select(partition => new LogId(stream.Id, partition))))
        {
            await births.AddAsync(() => core.Host.Partitions.BearAsync(log, cancellationToken));
        }

        var born = new SortedSet<string>(old?.Entry.Born ?? [], StringComparer.Ordinal);
        var known = born.ToHashSet();
        foreach (var id in InstanceBuilder.Ids(entry.Incarnation, plan, Find))
        {
            if (!known.Contains(id.Birth))
            {
                await births.AddAsync(() => CheckpointRegister.BearAsync(core.Host.Registers, id, cancellationToken));
                born.Add(id.Birth);
            }
        }

        return await births.EndAsync() ? [.. born] : null;

        (long, int) Find(StreamName name)
        {
            var stream = core.View.State.Stream(name) ?? streams.Single(stream => stream.Definition.Name == name);
            return (stream.Id, stream.Definition.Partitions);
        }
    }

    private async Task<RunningPipeline> StartAsync(CatalogState state, CatalogPipeline entry, PipelinePlan plan)
    {
        var streams = new Dictionary<StreamName, CatalogedStream>(core.View.Streams);
        foreach (var stream in state.Streams)
        {
            if (streams.TryGetValue(stream.Definition.Name, out var open))
            {
                open.Change(stream.Definition, core.Host.Partitions);
            }
            else
            {
                streams[stream.Definition.Name] = new CatalogedStream(stream, core.Host.Partitions);
            }
        }

        var others = core.View.Pipelines.Values.Where(other => other.Entry.Name != entry.Name).ToList();
        var plans = others.Select(other => (other.Entry, other.Plan)).ToList();
        var running = core.Build(new RunningPipeline(entry, plan, [], []), streams, plans);
        core.View = KeeperView.Of(state, streams.Values, [.. others, running]);
        await RewireAsync(running, streams);
        KeeperCore.Start(running);
        foreach (var instance in others.SelectMany(other => other.Instances))
        {
            instance.Stage?.SeeTo();
        }

        return running;
    }

    /// <summary>Instances of other pipelines that read this one's streams wait for its new producers.</summary>
    private async Task RewireAsync(RunningPipeline changed, Dictionary<StreamName, CatalogedStream> streams)
    {
        foreach (var other in core.View.Pipelines.Values.Where(other => other != changed).ToList())
        {
            var others = core.View.Pipelines.Values.Select(pipeline => (pipeline.Entry, pipeline.Plan));
            var rebuilt = core.Build(other, streams, others);
            var isSame = rebuilt.Instances.Select(instance => instance.Upstreams)
                .SequenceEqual(other.Instances.Select(instance => instance.Upstreams));
            if (!isSame)
            {
                await core.StopAsync(other.Instances, withCheckpoint: true);
                core.View = core.View.With(rebuilt);
                KeeperCore.Start(rebuilt);
            }
        }
    }

    /// <summary>The old definition goes on.</summary>
    private Task ReopenAsync(RunningPipeline? old)
    {
        if (old is not null)
        {
            var others = core.View.Pipelines.Values.Select(pipeline => (pipeline.Entry, pipeline.Plan));
            var again = core.Build(old, core.View.Streams, others);
            core.View = core.View.With(again);
            KeeperCore.Start(again);
        }

        return Task.CompletedTask;
    }

    private static ApplyOutcome Invalid(IReadOnlyList<DefinitionError> errors) =>
        new(ApplyStatus.Invalid) { Errors = errors };

    private static ApplyOutcome Overtaken() => new(ApplyStatus.Unavailable)
    {
        Detail = "Another process changed the pipelines at the same time; try again.",
    };

    private static ApplyOutcome Unavailable() =>
        new(ApplyStatus.Unavailable) { Detail = "No majority of stores answered; try again." };
}
