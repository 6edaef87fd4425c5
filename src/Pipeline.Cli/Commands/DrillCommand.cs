using System.CommandLine;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Pipeline.Backups.Places;
using Pipeline.Cli.Backups;
using Pipeline.Cli.Chaos;
using Pipeline.Cli.Drills;
using Pipeline.Cli.Output;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline drill: rehearses a restore, and keeps with the backups that it was done.</summary>
internal static class DrillCommand
{
    public static Command Create()
    {
        var from = FromOption.Create();
        var id = new Option<string?>("--id") { Description = "Which backup; else the newest." };
        var report = ReportOption.Create("with all that was found");
        var programs = new Option<DirectoryInfo?>("--programs")
        {
            Description = "Folder of the service's programs; else those that were built beside this one.",
        };
        var json = new Option<bool>("--json") { Description = "The report as JSON on standard output." };
        var command = new Command(
            "drill",
            "Rehearse a restore: into a temporary folder, with a service of its own and all pipelines paused. "
                + "Exit code 1: something is wrong.")
        {
            from, id, report, programs, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (page, isJson) = (parsed.GetValue(report), parsed.GetValue(json));
            if (ReportOption.Wrong(page) is { } wrong)
            {
                return Task.FromResult(Failure.Tell(wrong));
            }

            string program;
            try
            {
                program = new ChaosPrograms(parsed.GetValue(programs)?.FullName).Standalone;
            }
            catch (ChaosException missing)
            {
                return Task.FromResult(Failure.Tell(missing.Message));
            }

            return FromOption.UseAsync(
                parsed.GetValue(from)!,
                "Interrupted: nothing was kept.",
                async place => await RunAsync(
                    place,
                    await BackupPlaces.FindAsync(place, parsed.GetValue(id)).WaitAsync(cancellationToken),
                    program,
                    found => TellAsync(found, page, isJson),
                    cancellationToken),
                cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        BackupPlace place,
        Backup backup,
        string program,
        Func<DrillReport, Task> tellAsync,
        CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-drill-").FullName;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            ended.Cancel();
        });
        try
        {
            var draw = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
            var report = await new DrillRun(place, backup, program, folder, draw, TimeProvider.System).RunAsync(
                static line => Console.Error.WriteLine(line), ended.Token);
            await tellAsync(report);
            await place.RecordDrillAsync(report.Drill);
            return report.IsOk ? ExitCode.Done : ExitCode.Found;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return Failure.Tell("Interrupted: nothing was kept.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task TellAsync(DrillReport found, FileInfo? page, bool isJson)
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
            await ReportOption.WriteAsync(page, DrillPage.Write(found), found.ToJson());
        }
    }
}
