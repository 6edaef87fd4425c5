using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Cli.Service;
using Pipeline.Definitions;
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
        if (!file.Exists)
        {
            return Failure.Tell($"There is no file '{file}'.");
        }

        if (!DefinitionText.TryReadFile(file.FullName, out var text, out var error))
        {
            return Failure.Tell($"{file}:{error}", ExitCode.Found);
        }

        var name = DefinitionReader.NameOf(text) ?? Path.GetFileNameWithoutExtension(file.Name);
        var isJson = file.Extension.Equals(".json", StringComparison.OrdinalIgnoreCase);
        var mediaType = isJson ? "application/json" : "application/yaml";
        try
        {
            using var answer = await client.PutAsync(
                $"v1/pipelines/{Uri.EscapeDataString(name)}", text, mediaType, cancellationToken);
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
