using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Cli.Service;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline dlq: what a pipeline could not process.</summary>
internal static class DeadLetterCommand
{
    private const int LargestMax = 1000;

    public static Command Create() => new("dlq", "Look at what a pipeline could not process.")
    {
        CreateList(), CreateShow(),
    };

    private static Command CreateList()
    {
        var (pipeline, url, key) = (Pipeline(), ServiceOption.Create(), KeyOption.Create());
        var from = Number("--from", "Number of the first one.", 0, 0, long.MaxValue);
        var max = Number("--max", "So many at most.", 100, 1, LargestMax);
        var json = new Option<bool>("--json") { Description = "One JSON object a line, whole." };
        var command = new Command("list", "List dead letters, oldest first.") { pipeline, url, key, from, max, json };
        command.SetAction((parsed, cancellationToken) => AskAsync(
            parsed.GetValue(url)!,
            parsed.GetValue(key),
            parsed.GetValue(pipeline)!,
            parsed.GetValue(from),
            parsed.GetValue(max),
            page =>
            {
                if (parsed.GetValue(json))
                {
                    page.Letters.ForEach(static letter => Console.Out.WriteLine(letter.Json.GetRawText()));
                }
                else
                {
                    DeadLetterTables.WriteList(AnsiConsole.Console, page);
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static Command CreateShow()
    {
        var (pipeline, url, key) = (Pipeline(), ServiceOption.Create(), KeyOption.Create());
        var number = new Argument<long>("number") { Description = "Its number, as list shows it." };
        var json = new Option<bool>("--json") { Description = "The JSON object as it is." };
        var command = new Command("show", "Show one dead letter with its cause and its bytes.")
        {
            pipeline, number, url, key, json,
        };
        command.SetAction((parsed, cancellationToken) => AskAsync(
            parsed.GetValue(url)!,
            parsed.GetValue(key),
            parsed.GetValue(pipeline)!,
            parsed.GetValue(number),
            1,
            page =>
            {
                var found = page.Letters.Find(letter => letter.Number == parsed.GetValue(number));
                if (found is null)
                {
                    return Failure.Tell(
                        $"There is no dead letter {parsed.GetValue(number)}; 'pipeline dlq list' shows them.",
                        ExitCode.Found);
                }

                if (parsed.GetValue(json))
                {
                    Console.Out.WriteLine(found.Json.GetRawText());
                }
                else
                {
                    DeadLetterTables.WriteOne(AnsiConsole.Console, found);
                }

                return ExitCode.Done;
            },
            cancellationToken));
        return command;
    }

    private static async Task<int> AskAsync(
        Uri url,
        string? key,
        string pipeline,
        long from,
        long max,
        Func<DeadLetterPage, int> show,
        CancellationToken cancellationToken)
    {
        using var client = new ServiceClient(url, key);
        try
        {
            var path = $"v1/pipelines/{Uri.EscapeDataString(pipeline)}/dead-letters?from={from}&max={max}";
            using var answer = await client.GetAsync(path, cancellationToken);
            return show(DeadLetterPage.Read(answer.RootElement));
        }
        catch (ServiceException exception)
        {
            return Failure.Tell(exception.Message, exception.Status == 0 ? ExitCode.Failed : ExitCode.Found);
        }
    }

    private static Argument<string> Pipeline() => new("pipeline") { Description = "Name of the pipeline." };

    private static Option<long> Number(string name, string description, long standard, long least, long most)
    {
        var option = new Option<long>(name) { Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<long>() is var value && (value < least || value > most))
            {
                result.AddError($"{name} must be a number from {least} to {most}.");
            }
        });
        return option;
    }
}
