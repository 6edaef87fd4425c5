using Pipeline.Runtime.Definitions;
using Pipeline.Runtime.Pipelines;
using Pipeline.Standalone.Options;

namespace Pipeline.Standalone.Hosting;

/// <summary>
/// Applies the files of the pipelines folder, in the order of their names. The catalog remembers what was applied
/// from each file: one that did not change is left alone, so changes made by API survive.
/// </summary>
internal static class DefinitionFiles
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>
    /// All mistakes, as "file:line:column: message"; none where everything is in force. Goes on trying while no
    /// majority of the stores answers, until <paramref name="ended"/>.
    /// </summary>
    public static async Task<IReadOnlyList<string>> ApplyAsync(
        StandaloneOptions options, IPipelines pipelines, Task ended, CancellationToken cancellationToken)
    {
        var errors = new List<string>();
        foreach (var file in Find(options, errors))
        {
            if (Read(file, errors) is not { } request)
            {
                continue;
            }

            var outcome = await pipelines.ApplyAsync(request, cancellationToken);
            while (outcome.Status == ApplyStatus.Unavailable && !ended.IsCompleted)
            {
                await Task.Delay(RetryDelay, TimeProvider.System, cancellationToken);
                outcome = await pipelines.ApplyAsync(request, cancellationToken);
            }

            if (outcome.Status == ApplyStatus.Unavailable)
            {
                break;
            }

            if (outcome.Status is not (ApplyStatus.Applied or ApplyStatus.Unchanged))
            {
                errors.AddRange(outcome.Errors.Select(e => $"{file}:{e}"));
                if (outcome.Errors.Count == 0)
                {
                    errors.Add($"{file}: {outcome.Detail}");
                }
            }
        }

        return errors;
    }

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
                .Order(StringComparer.Ordinal);
        }

        if (options.ArePipelinesAskedFor)
        {
            errors.Add($"--pipelines: there is no folder '{options.Pipelines}'.");
        }

        return [];
    }
}
