using System.CommandLine;
using Pipeline.Cli.Output;
using Pipeline.Cli.Service;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline tail: follows a stream; after a broken connection goes on behind the last event.</summary>
internal static class TailCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var stream = new Argument<string>("stream") { Description = "Name of the stream." };
        var url = ServiceOption.Create();
        var key = KeyOption.Create();
        var from = new Option<string>("--from")
        {
            Description = "earliest, latest, or an ISO 8601 time.",
            DefaultValueFactory = _ => "latest",
        };
        var max = new Option<long>("--max") { Description = "Stop after so many events; 0: never." };
        var command = new Command("tail", "Follow a stream, one JSON line per event.") { stream, url, key, from, max };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ServiceClient(parsed.GetValue(url)!, parsed.GetValue(key));
            var reader = new EventStreamReader(client.Http, parsed.GetValue(stream)!, parsed.GetValue(from)!);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watch = LineOutput.WatchAsync(ending);
            try
            {
                return await FollowAsync(reader, parsed.GetValue(max), ending.Token);
            }
            catch (ServiceException exception)
            {
                return Failure.Tell(exception.Message, exception.Status == 0 ? ExitCode.Failed : ExitCode.Found);
            }
            catch (OperationCanceledException)
            {
                return ExitCode.Done;
            }
            finally
            {
                await ending.CancelAsync();
                await watch;
            }
        });
        return command;
    }

    private static async Task<int> FollowAsync(EventStreamReader reader, long max, CancellationToken cancellationToken)
    {
        using var output = new LineOutput();
        long seen = 0;
        while (true)
        {
            await foreach (var line in reader.ReadAsync(cancellationToken))
            {
                if (!output.TryWrite(Terminal.IsInteractive ? Printable.Of(line) : line) || ++seen == max)
                {
                    return ExitCode.Done;
                }
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }
}
