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
        var command = new Command("apply", "Put definitions into force on a running service.") { files, url, key };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ServiceClient(parsed.GetValue(url)!, parsed.GetValue(key));
            var code = ExitCode.Done;
            foreach (var file in parsed.GetValue(files)!)
            {
                code = Math.Max(code, await ApplyAsync(client, file, cancellationToken));
            }

            return code;
        });
        return command;
    }

    private static async Task<int> ApplyAsync(ServiceClient client, FileInfo file, CancellationToken cancellationToken)
    {
        if (!DefinitionFile.TryRead(file, out var read, out var code))
        {
            return code;
        }

        try
        {
            using var answer = await client.PutAsync(read.Path, read.Text, read.MediaType, cancellationToken);
            var changed = answer.RootElement.GetProperty("changed").GetBoolean();
            AnsiConsole.MarkupLineInterpolated($"[green]{file}: {(changed ? "in force" : "in force already")}[/]");
            return ExitCode.Done;
        }
        catch (ServiceException exception)
        {
            return Failure.Tell(
                $"{file}: {exception.Message}", exception.Status == 0 ? ExitCode.Failed : ExitCode.Found);
        }
    }
}
