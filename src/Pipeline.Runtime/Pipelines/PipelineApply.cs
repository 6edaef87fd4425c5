using System.Text;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Definitions;
using Pipeline.Runtime.Planning;

namespace Pipeline.Runtime.Pipelines;

/// <summary>
/// Puts a definition into force: check; bear the registers of new logs and instances; stop what ran before at a
/// checkpoint; one change of the catalog; start. A crash in between leaves the old definition in force, or the new one.
/// </summary>
internal sealed class PipelineApply(KeeperCore core)
{
    private const int MostAttempts = 5;

    /// <summary>Tries again where another host changed the catalog meanwhile: then the plan may be wrong.</summary>
    public async Task<ApplyOutcome> ApplyAsync(ApplyRequest request, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (await TryApplyAsync(request, cancellationToken) is { } outcome)
            {
                return outcome;
            }
        }

        return new ApplyOutcome(ApplyStatus.Unavailable) { Detail = "Another host keeps changing the catalog." };
    }

    private async Task<ApplyOutcome?> TryApplyAsync(ApplyRequest request, CancellationToken cancellationToken)
    {
        var state = core.View.State;
        var hash = Hash128.Of(Encoding.UTF8.GetBytes(request.Text)).ToString();
        if (request.FileName is { } file && state.Files.GetValueOrDefault(file) == hash)
        {
            return new ApplyOutcome(ApplyStatus.Unchanged);
        }

        var read = DefinitionReader.Read(request.Text, core.Host.Settings.Variables);
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

        IReadOnlyList<DefinitionError> conflicts =
            [.. CatalogRules.Conflicts(state, plan), .. SharedDirectories(definition)];
        if (conflicts.Count > 0)
        {
            return new ApplyOutcome(ApplyStatus.Conflict) { Errors = conflicts };
        }

        return await PutIntoForceAsync(request, hash, plan, cancellationToken);
    }

    /// <summary>Files of two sinks in one directory would take each other's names.</summary>
    private IEnumerable<DefinitionError> SharedDirectories(PipelineDefinition definition) =>
        from sink in definition.Sinks
        from other in core.View.Pipelines.Values
        where other.Entry.Name != definition.Name
            && other.Plan is { } plan && plan.Sinks.Any(taken => taken.Files.Directory == sink.Files.Directory)
        select new DefinitionError(
            sink.Position.Line,
            sink.Position.Column,
            $"Sink '{sink.Name}' writes to a directory of pipeline '{other.Entry.Name}'.");

    private async Task<ApplyOutcome?> PutIntoForceAsync(
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

        var (reserved, isReserved) = await ReserveAsync(plan, cancellationToken);
        if (!isReserved)
        {
            return reserved is null ? Unavailable() : await ReloadAsync(reserved);
        }

        core.View = core.View.At(reserved!);
        var missing = CatalogRules.Missing(reserved!, plan);
        var first = reserved!.NextStream - missing.Count;
        IReadOnlyList<CatalogStream> streams = [.. missing.Select((stream, i) => new CatalogStream(first + i, stream))];

        var entry = new CatalogPipeline
        {
            Name = plan.Name,
            Incarnation = old?.Entry.Incarnation ?? (reserved.NextIncarnation - 1),
            Generation = (old?.Entry.Generation ?? 0) + 1,
            Text = request.Text,
            MediaType = request.MediaType,
            IsPaused = old?.Entry.IsPaused ?? false,
        };
        if (await BearAsync(entry, old, plan, streams, cancellationToken) is not { } born)
        {
            return Unavailable();
        }

        entry = entry with { Born = born };
        await core.StopAsync(old?.Instances ?? [], withCheckpoint: true);
<<<<<<< HEAD
        var (state, isDone) = await core.Catalog.TryChangeAsync(
            reserved.Version,
            current => CatalogRules.WithFile(
                CatalogRules.With(current, entry, plan, streams), request.FileName, hash),
=======
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
>>>>>>> main
            cancellationToken);
        if (!isDone)
        {
            Reopen(old);
            return state is null ? Unavailable() : await ReloadAsync(state);
        }

<<<<<<< HEAD
        return new ApplyOutcome(ApplyStatus.Applied) { Pipeline = (await StartAsync(state!, entry, plan)).Status };
=======
        if (isOvertaken)
        {
            await CatchUpAsync(state);
            return Overtaken();
        }

        return new ApplyOutcome(ApplyStatus.Applied) { Pipeline = (await StartAsync(state, entry, plan)).Status };
>>>>>>> main
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
    private ValueTask<(CatalogState? State, bool IsDone)> ReserveAsync(
        PipelinePlan plan, CancellationToken cancellationToken)
    {
        var missing = CatalogRules.Missing(core.View.State, plan).Count;
        return core.Catalog.TryChangeAsync(
            core.View.State.Version,
            current => current with
            {
                NextStream = current.NextStream + missing,
                NextIncarnation = current.NextIncarnation + 1,
            },
            cancellationToken);
    }

    /// <summary>Takes over what another host changed; null: apply again.</summary>
    private async Task<ApplyOutcome?> ReloadAsync(CatalogState state)
    {
        await new PipelineReload(core).ReloadAsync(state);
        return null;
    }

    /// <summary>Bears what the catalog is about to name; null where no majority of stores took it.</summary>
    private async Task<IReadOnlyList<string>?> BearAsync(
        CatalogPipeline entry,
        RunningPipeline? old,
        PipelinePlan plan,
        IReadOnlyList<CatalogStream> streams,
        CancellationToken cancellationToken)
    {
        var births = streams
            .SelectMany(stream => Enumerable.Range(0, stream.Definition.Partitions)
                .Select(partition => new LogId(stream.Id, partition)))
            .Select(log => core.Host.Partitions.BearAsync(log, cancellationToken).AsTask()).ToList();
        var born = new SortedSet<string>(old?.Entry.Born ?? [], StringComparer.Ordinal);
        var known = born.ToHashSet();
        foreach (var id in InstanceBuilder.Ids(entry.Incarnation, plan, Find))
        {
            if (!known.Contains(id.Birth))
            {
                births.Add(CheckpointRegister.BearAsync(core.Host.Registers, id, cancellationToken).AsTask());
                born.Add(id.Birth);
            }
        }

        var all = true;
        foreach (var birth in births)
        {
            all &= await birth;
        }

        return all ? [.. born] : null;

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
        var running = core.Build(entry, new PlanningOutcome(plan, []), streams, plans);
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
            var rebuilt = core.Build(other.Entry, new PlanningOutcome(other.Plan, other.Errors), streams, others);
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
    private void Reopen(RunningPipeline? old)
    {
        if (old is not null)
        {
            var others = core.View.Pipelines.Values.Select(pipeline => (pipeline.Entry, pipeline.Plan));
            var again = core.Build(old.Entry, new PlanningOutcome(old.Plan, old.Errors), core.View.Streams, others);
            core.View = core.View.With(again);
            KeeperCore.Start(again);
        }
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
