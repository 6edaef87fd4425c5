using System.CommandLine;
using System.Text.Json;
using Pipeline.Cli.Output;
using Pipeline.Cli.Service;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline diff: what applying a definition would do to each stage; nothing is changed.</summary>
internal static class DiffCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file");
        var url = ServiceOption.Create();
        var key = KeyOption.Create();
        var json = new Option<bool>("--json") { Description = "The service's answer as it is." };
        var command = new Command(
            "diff", "Say what applying a definition would do to each stage. Exit code 1: something would be lost.")
        {
            file, url, key, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ServiceClient(parsed.GetValue(url)!, parsed.GetValue(key));
            return await RunAsync(client, parsed.GetValue(file)!, parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        ServiceClient client, FileInfo file, bool isJson, CancellationToken cancellationToken)
    {
        if (!DefinitionFile.TryRead(file, out var read, out var code))
        {
            return code;
        }

        try
        {
            using var answer = await client.PutAsync(
                $"{read.Path}?dryRun=true", read.Text, read.MediaType, cancellationToken);
            var changes = answer.RootElement.GetProperty("changes").EnumerateArray().ToList();
            if (isJson)
            {
                await Console.Out.WriteLineAsync(answer.RootElement.GetRawText());
            }
            else
            {
                Show(file, changes);
            }

            return changes.Exists(IsLost) ? ExitCode.Found : ExitCode.Done;
        }
        catch (ServiceException exception)
        {
            return Failure.Tell(
                $"{file}: {exception.Message}", exception.Status == 0 ? ExitCode.Failed : ExitCode.Found);
        }
    }

    private static void Show(FileInfo file, List<JsonElement> changes)
    {
        AnsiConsole.MarkupLineInterpolated($"{file}: valid; applied, it would do this:");
        foreach (var change in changes)
        {
            var (stage, state, why) = (Text(change, "stage"), Text(change, "state"), Text(change, "why"));
            if (IsLost(change))
            {
                AnsiConsole.MarkupLineInterpolated($"  [red]{state,-5}[/]  {stage}: {why}");
            }
            else
            {
                AnsiConsole.MarkupLineInterpolated($"  {state,-5}  {stage}: {why}");
            }
        }
    }

    private static bool IsLost(JsonElement change) => Text(change, "state") == "lost";

    private static string Text(JsonElement change, string name) =>
        Printable.Of(change.GetProperty(name).GetString() ?? "");
}
