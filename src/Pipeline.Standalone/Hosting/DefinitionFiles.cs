using Pipeline.Definitions;
using Pipeline.Definitions.Cases;
using Pipeline.Runtime.Pipelines;
using Pipeline.Standalone.Options;

namespace Pipeline.Standalone.Hosting;

/// <summary>
/// Applies the files of the pipelines folder, in the order of their names; what reads another file's streams waits
/// for it. The catalog remembers what was applied from each file: one that did not change is left alone, so changes
/// made by API survive. Test files beside them are not applied.
/// </summary>
internal static partial class DefinitionFiles
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>
    /// All mistakes, as "file:line:column: message"; none where everything is in force, or waits for somebody to decide
    /// that state may be dropped, which <paramref name="log"/> says. Goes on trying while no majority of the stores
    /// answers, until <paramref name="ended"/>.
    /// </summary>
    public static async Task<IReadOnlyList<string>> ApplyAsync(
        StandaloneOptions options,
        IPipelines pipelines,
        ILogger log,
        Task ended,
        CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        var waiting = Find(options, errors).Select(file => (File: file, Request: Read(file, errors)))
            .Where(static read => read.Request is not null).Select(static read => (read.File, Request: read.Request!))
            .ToList();
        var shared = SharedNames(waiting).ToList();
        if (shared.Count > 0)
        {
            return [.. errors, .. shared];
        }

        // In each round what can come into force does; what is left after one that changed nothing cannot.
        List<string> refusals;
        List<RefusedFile> refused;
        bool hasChanged;
        do
        {
            (hasChanged, refusals, refused) = (false, [], []);
            foreach (var (file, request) in waiting.ToList())
            {
                var outcome = await ApplyAsync(request, pipelines, ended, cancellationToken);
                if (IsToRepeat(outcome))
                {
                    return errors;
                }

                hasChanged |= outcome.Status == ApplyStatus.Applied;
                if (outcome.Status is ApplyStatus.Applied or ApplyStatus.Unchanged)
                {
                    waiting.Remove((file, request));
                }

                if (Refused(file, outcome) is { } kept)
                {
                    refused.Add(kept);
                }
                else
                {
                    refusals.AddRange(Mistakes(file, outcome));
                }
            }
        }
        while (hasChanged && waiting.Count > 0);
        refused.ForEach(file => NotApplied(log, file.File, file.Detail));
        return [.. errors, .. refusals];
    }

    private static async Task<ApplyOutcome> ApplyAsync(
        ApplyRequest request, IPipelines pipelines, Task ended, CancellationToken cancellationToken)
    {
        var outcome = await pipelines.ApplyAsync(request, cancellationToken);
        while (IsToRepeat(outcome) && !ended.IsCompleted)
        {
            await Task.Delay(RetryDelay, TimeProvider.System, cancellationToken);
            outcome = await pipelines.ApplyAsync(request, cancellationToken);
        }

        return outcome;
    }

    /// <summary>The definition before it goes on; null: it is applied, or has mistakes.</summary>
    private static RefusedFile? Refused(string file, ApplyOutcome outcome) =>
        outcome is { Status: ApplyStatus.StateWouldBeLost, Pipeline: { } pipeline }
            ? new RefusedFile(file, pipeline.Incarnation, pipeline.Generation, outcome.Changes)
            : null;

    [LoggerMessage(LogLevel.Warning, "{File}: {Detail}")]
    private static partial void NotApplied(ILogger log, string file, string detail);

    private static IEnumerable<string> Mistakes(string file, ApplyOutcome outcome) =>
        outcome.Status is ApplyStatus.Applied or ApplyStatus.Unchanged ? []
        : outcome.Errors.Count == 0 ? [$"{file}: {outcome.Detail}"]
        : outcome.Errors.Select(error => $"{file}:{error}");

    /// <summary>Files that define one pipeline: one of them would silently win.</summary>
    private static IEnumerable<string> SharedNames(IEnumerable<(string File, ApplyRequest Request)> files) =>
        from file in files
        let name = DefinitionReader.NameOf(file.Request.Text)
        where name is not null
        group file.File by name into same
        where same.Count() > 1
        select $"{same.First()}: pipeline '{same.Key}' is defined in {string.Join(", ", same.Skip(1))} too: keep one.";

    private static bool IsToRepeat(ApplyOutcome outcome) =>
        outcome.Status is ApplyStatus.Unavailable or ApplyStatus.OutcomeUnknown;

    /// <summary>Null where the file cannot be read, or is no text.</summary>
    private static ApplyRequest? Read(string file, List<string> errors)
    {
        try
        {
            if (DefinitionText.TryReadFile(file, out var text, out var error))
            {
                var isJson = Path.GetExtension(file).Equals(".json", StringComparison.OrdinalIgnoreCase);
                return new ApplyRequest
                {
                    Text = text,
                    MediaType = isJson ? "application/json" : "application/yaml",
                    FileName = Path.GetFileName(file),
                };
            }

            errors.Add($"{file}:{error}");
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{file}: {broken.Message}");
        }

        return null;
    }

    private static IEnumerable<string> Find(StandaloneOptions options, List<string> errors)
    {
        if (Directory.Exists(options.Pipelines))
        {
            return Directory.EnumerateFiles(options.Pipelines)
                .Where(f => Extensions.Contains(Path.GetExtension(f), StringComparer.OrdinalIgnoreCase))
                .Where(static f => !CaseFileReader.IsNamed(f))
                .Order(StringComparer.Ordinal);
        }

        if (options.ArePipelinesAskedFor)
        {
            errors.Add($"--pipelines: there is no folder '{options.Pipelines}'.");
        }

        return [];
    }
}
