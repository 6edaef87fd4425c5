using System.Diagnostics.CodeAnalysis;
using Pipeline.Runtime.Catalog;

namespace Pipeline.Runtime.Pipelines;

/// <summary>The pipelines of the catalog, and what may be done with them. Safe to use from any thread.</summary>
public interface IPipelines
{
    /// <summary>Checks a definition and puts it into force; nothing is half applied.</summary>
    ValueTask<ApplyOutcome> ApplyAsync(ApplyRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Checks a definition as <see cref="ApplyAsync"/> does and says what it would do; nothing is changed. Where it
    /// could be applied: <see cref="ApplyStatus.Valid"/>.
    /// </summary>
    ValueTask<ApplyOutcome> TryAsync(ApplyRequest request, CancellationToken cancellationToken);

    /// <summary>A snapshot of all pipelines, by name.</summary>
    IReadOnlyList<PipelineStatus> List();

    bool TryGet(string name, [NotNullWhen(true)] out PipelineStatus? status);

    /// <summary>Earlier texts of a pipeline, oldest first; null: there is no such pipeline.</summary>
    IReadOnlyList<CatalogVersion>? Versions(string name);

    /// <summary>Ends a pipeline; its streams stay unless <paramref name="deleteStreams"/>.</summary>
    /// <param name="name">The pipeline.</param>
    /// <param name="deleteStreams">Its streams go too.</param>
    /// <param name="ifGeneration">Only where it has this generation; null: whichever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<PipelineOutcome> DeleteAsync(
        string name, bool deleteStreams, long? ifGeneration, CancellationToken cancellationToken);

    /// <summary>Stops all stages and sinks at a checkpoint; durable, until <see cref="ResumeAsync"/>.</summary>
    ValueTask<PipelineOutcome> PauseAsync(string name, long? ifGeneration, CancellationToken cancellationToken);

    ValueTask<PipelineOutcome> ResumeAsync(string name, long? ifGeneration, CancellationToken cancellationToken);

    /// <summary>A page of the dead letters, oldest first.</summary>
    ValueTask<DeadLetterPage> DeadLettersAsync(
        string name, long fromOffset, int max, CancellationToken cancellationToken);

    /// <summary>Gives dead letters back to the stage that refused them.</summary>
    ValueTask<PipelineOutcome> RedriveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Names the current state of all stages, to go back to.</summary>
    ValueTask<PipelineOutcome> SavepointAsync(string name, CancellationToken cancellationToken);

    /// <summary>Runs the stages again from an earlier time.</summary>
    ValueTask<PipelineOutcome> ReplayAsync(string name, long fromTicks, CancellationToken cancellationToken);

    /// <summary>The state a stage has for a key.</summary>
    ValueTask<PipelineOutcome> StageStateAsync(
        string name, string stage, string key, CancellationToken cancellationToken);
}
