using System.CommandLine;
using System.Runtime.InteropServices;
using Pipeline.Cli.Chaos;
using Pipeline.Cli.Output;
using Pipeline.Definitions;
using Pipeline.Definitions.Experiments;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline chaos run: starts a system, harms it under load, and says what held.</summary>
internal static class ChaosCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The experiment, YAML or JSON." };
        var report = ReportOption.Create("with plots");
        var programs = new Option<DirectoryInfo?>("--programs")
        {
            Description = "Folder of the service's programs; else those that were built beside this one.",
        };
        var seed = new Option<int>("--seed")
        {
            Description = "For what is drawn: ports, files and bytes to damage.",
            DefaultValueFactory = static _ => 1,
        };
        var variables = DefinitionOptions.Variables();
        var json = new Option<bool>("--json") { Description = "The report as JSON on standard output." };
        var run = new Command("run", "Start a system on this machine, harm it under load, and say what held.")
        {
            file, report, programs, seed, variables, json,
        };
        run.SetAction(async (parsed, cancellationToken) =>
        {
            if (ReportOption.Wrong(parsed.GetValue(report)) is { } wrong)
            {
                return Failure.Tell(wrong);
            }

            if (Read(parsed.GetValue(file)!, parsed.GetValue(variables), out var code) is not { } experiment)
            {
                return code;
            }

            return await RunAsync(
                experiment,
                new ChaosPrograms(parsed.GetValue(programs)?.FullName),
                parsed.GetValue(seed),
                found => TellAsync(found, parsed.GetValue(file)!.Name, parsed.GetValue(report), parsed.GetValue(json)),
                cancellationToken);
        });
        return new Command("chaos", "Experiments that break a system on purpose.") { run };
    }

    /// <summary>Null, and told why, where there is no such experiment.</summary>
    private static Experiment? Read(FileInfo file, string? variables, out int code)
    {
        code = ExitCode.Failed;
        if (!file.Exists)
        {
            Failure.Tell($"There is no file '{file}'.");
            return null;
        }

        IReadOnlyList<DefinitionError> errors;
        Experiment? experiment = null;
        if (DefinitionText.TryReadFile(file.FullName, out var text, out var unreadable))
        {
            var read = ExperimentReader.Read(text, DefinitionOptions.Of(variables));
            (experiment, errors) = (read.Experiment, read.Errors);
        }
        else
        {
            errors = [unreadable];
        }

        foreach (var error in errors)
        {
            code = Failure.Tell($"{file}:{error}", ExitCode.Found);
        }

        return experiment;
    }

    private static async Task<int> RunAsync(
        Experiment experiment,
        ChaosPrograms programs,
        int seed,
        Func<ChaosReport, Task> tell,
        CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-chaos-").FullName;
        var isKept = true;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            ended.Cancel();
        });
        try
        {
            var found = await new ChaosRun(experiment, programs, folder, seed, TimeProvider.System).RunAsync(
                static line => Console.Error.WriteLine(line), ended.Token);
            isKept = !found.Holds;
            await tell(found);
            return found.Holds ? ExitCode.Done : ExitCode.Found;
        }
        catch (ChaosException wrong)
        {
            return Failure.Tell(wrong.Message);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            isKept = false;
            return Failure.Tell("Interrupted: nothing was compared.");
        }
        finally
        {
            if (isKept && Directory.EnumerateFiles(folder, "*.log", SearchOption.AllDirectories).Any())
            {
                await Console.Error.WriteLineAsync($"Stores and logs are kept in {folder}");
            }
            else
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task TellAsync(ChaosReport found, string name, FileInfo? page, bool isJson)
    {
        if (isJson)
        {
            await Console.Out.WriteLineAsync(found.ToJson());
        }
        else
        {
            found.Write(AnsiConsole.Console);
        }

        if (page is not null)
        {
            await ReportOption.WriteAsync(page, ChaosPage.Write(found, $"Experiment {name}"), found.ToJson());
        }
    }
}
