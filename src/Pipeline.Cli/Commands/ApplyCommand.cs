using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Cli.Service;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline apply: puts definitions into force.</summary>
internal static class ApplyCommand
{
    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("files") { Arity = ArgumentArity.OneOrMore };
        var url = ServiceOption.Create();
        var key = KeyOption.Create();
        var reset = ResetOption.Create();
        var command = new Command("apply", "Put definitions into force on a running service.")
        {
            files, url, key, reset,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var query = ResetOption.Query(parsed, reset);
            if (parsed.GetValue(reset) is { } stages && parsed.GetValue(files)!.Length > 1)
            {
                return Failure.Tell($"--reset={stages} names stages of one definition: give one file at a time.");
            }

            using var client = new ServiceClient(parsed.GetValue(url)!, parsed.GetValue(key));
            var code = ExitCode.Done;
            foreach (var file in parsed.GetValue(files)!)
            {
                code = Math.Max(code, await ApplyAsync(client, file, query, cancellationToken));
            }

            return code;
        });
        return command;
    }

    private static async Task<int> ApplyAsync(
        ServiceClient client, FileInfo file, string query, CancellationToken cancellationToken)
    {
        if (!DefinitionFile.TryRead(file, out var read, out var code))
        {
            return code;
        }

        try
        {
            using var answer = await client.PutAsync(
                read.Path + query, read.Text, read.MediaType, cancellationToken);
            var changed = answer.RootElement.GetProperty("changed").GetBoolean();
            AnsiConsole.MarkupLineInterpolated($"[green]{file}: {(changed ? "in force" : "in force already")}[/]");
            return ExitCode.Done;
        }
        catch (ServiceException exception)
        {
            return Failure.Tell(
                $"{file}: {exception.Message}{ResetOption.Advice(exception.Lost)}",
                exception.Status == 0 ? ExitCode.Failed : ExitCode.Found);
        }
    }
}
