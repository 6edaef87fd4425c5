using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Backups;
using Pipeline.Backups.Places;
using Pipeline.Backups.Restoring;
using Pipeline.Cli.Backups;
using Pipeline.Cli.Output;
using Pipeline.Cli.Service;
using Pipeline.Definitions;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline backup: has a service make backups; lists, checks and deletes them without one.</summary>
internal static class BackupCommand
{
    private const string Interrupted = "Interrupted.";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>For so long the service may be away while it makes one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static Command Create() => new("backup", "Make, list, check and delete backups.")
    {
        CreateMake(), CreateList(), CreateVerify(), CreatePrune(),
    };

    private static Command CreateMake()
    {
        var (url, key, json) = (ServiceOption.Create(), KeyOption.Create(), Json("The service's answer as it is."));
        var noWait = new Option<bool>("--no-wait") { Description = "Only begin it: list says how it goes." };
        var command = new Command("create", "Make a backup, and wait until it is whole. Exit code 1: it failed.")
        {
            url, key, noWait, json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = new ServiceClient(parsed.GetValue(url)!, parsed.GetValue(key));
            try
            {
                return await MakeAsync(client, parsed.GetValue(noWait), parsed.GetValue(json), cancellationToken);
            }
            catch (ServiceException exception)
            {
                return Failure.Tell(exception.Message, exception.Status == 0 ? ExitCode.Failed : ExitCode.Found);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return Failure.Tell("Interrupted: a backup that has begun goes on in the service.");
            }
        });
        return command;
    }

    private static Command CreateList()
    {
        var (url, key, from) = (ServiceOption.Create(), KeyOption.Create(), FromOption.Create(isRequired: false));
        var json = Json("The service's answer as it is, or the same of the place.");
        var command = new Command("list", "List backups, newest first.") { url, key, from, json };
        command.SetAction((parsed, cancellationToken) => parsed.GetValue(from) is { } address
            ? FromOption.UseAsync(
                address,
                Interrupted,
                async place => Show(
                    await BackupJson.ListAsync(place).WaitAsync(cancellationToken), parsed.GetValue(json)),
                cancellationToken)
            : ListAsync(parsed.GetValue(url)!, parsed.GetValue(key), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static Command CreateVerify()
    {
        var from = FromOption.Create();
        var id = new Option<string?>("--id") { Description = "Which; else the newest." };
        var all = new Option<bool>("--all") { Description = "Each of them." };
        var json = Json("What was found, as JSON.");
        var command = new Command(
            "verify", "Read all of a backup and compare its hashes, without a service. Exit code 1: it is damaged.")
        {
            from, id, all, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (wanted, isAll) = (parsed.GetValue(id), parsed.GetValue(all));
            return wanted is not null && isAll
                ? Task.FromResult(Failure.Tell("--id and --all cannot be given together."))
                : FromOption.UseAsync(
                    parsed.GetValue(from)!,
                    Interrupted,
                    place => VerifyAsync(place, wanted, isAll, parsed.GetValue(json)).WaitAsync(cancellationToken),
                    cancellationToken);
        });
        return command;
    }

    private static Command CreatePrune()
    {
        var from = FromOption.Create();
        var keep = new Option<string>("--keep")
        {
            Required = true,
            Description = "How many backups, as 10, or how old they may be, as 30d; the newest is always kept.",
        };
        keep.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !TryKeep(text, out _, out _))
            {
                result.AddError($"--keep must be a number of backups, as 10, or an age, as 30d, not '{text}'.");
            }
        });
        var json = Json("What was deleted, as JSON.");
        var command = new Command("prune", "Delete old backups, and what no other one needs of them.")
        {
            from, keep, json,
        };
        command.SetAction((parsed, cancellationToken) => FromOption.UseAsync(
            parsed.GetValue(from)!,
            Interrupted,
            place => PruneAsync(place, parsed.GetValue(keep)!, parsed.GetValue(json)),
            cancellationToken));
        return command;
    }

    private static Option<bool> Json(string description) => new("--json") { Description = description };

    private static async Task<int> MakeAsync(
        ServiceClient client, bool isLeft, bool isJson, CancellationToken cancellationToken)
    {
        using var begun = await client.PostAsync("v1/backups", cancellationToken);
        var id = begun.RootElement.GetProperty("id").GetString()!;
        if (!isLeft)
        {
            await Console.Error.WriteLineAsync($"backup {Printable.Of(id)} has begun");
            return await WaitAsync(client, id, isJson, cancellationToken);
        }

        await Console.Out.WriteLineAsync(
            isJson ? begun.RootElement.GetRawText() : $"backup {Printable.Of(id)} has begun");
        return ExitCode.Done;
    }

    private static async Task<int> WaitAsync(
        ServiceClient client, string id, bool isJson, CancellationToken cancellationToken)
    {
        var time = TimeProvider.System;
        var answered = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(Look, time, cancellationToken);
            try
            {
                using var answer = await client.GetAsync(
                    $"v1/backups/{Uri.EscapeDataString(id)}", cancellationToken);
                if (BackupTables.Text(answer.RootElement, "state") != "running")
                {
                    return Told(answer.RootElement, isJson);
                }

                answered = time.GetTimestamp();
            }
            catch (ServiceException away) when (away.Status is 0 or 503 && time.GetElapsedTime(answered) < Patience)
            {
                // It is asked again.
            }
        }
    }

    private static int Told(JsonElement backup, bool isJson)
    {
        var isWhole = BackupTables.Text(backup, "state") == "done";
        if (isJson)
        {
            Console.Out.WriteLine(backup.GetRawText());
        }
        else if (isWhole)
        {
            AnsiConsole.MarkupLineInterpolated($"[green]{BackupTables.Line(backup)}[/]");
        }

        return isWhole
            ? ExitCode.Done
            : Failure.Tell(
                $"Backup {BackupTables.Text(backup, "id")} failed: {BackupTables.Text(backup, "reason")}",
                ExitCode.Found);
    }

    private static async Task<int> ListAsync(Uri url, string? key, bool isJson, CancellationToken cancellationToken)
    {
        using var client = new ServiceClient(url, key);
        try
        {
            using var answer = await client.GetAsync("v1/backups", cancellationToken);
            return Show(answer.RootElement, isJson);
        }
        catch (ServiceException exception)
        {
            return Failure.Tell(exception.Message, exception.Status == 0 ? ExitCode.Failed : ExitCode.Found);
        }
    }

    private static int Show(JsonElement answer, bool isJson)
    {
        if (isJson)
        {
            Console.Out.WriteLine(answer.GetRawText());
        }
        else
        {
            BackupTables.Write(AnsiConsole.Console, answer);
        }

        return ExitCode.Done;
    }

    private static async Task<int> VerifyAsync(BackupPlace place, string? id, bool isAll, bool isJson)
    {
        var ids = await place.ListAsync();
        if (id is null && ids.Count == 0)
        {
            throw new BackupException("There is no whole backup yet.");
        }

        var checks = new List<BackupCheck>();
        foreach (var one in isAll ? ids : [id ?? ids[^1]])
        {
            var check = await BackupCheck.RunAsync(place, one) ?? throw BackupPlaces.Unknown(one);
            checks.Add(check);
            if (!isJson)
            {
                Write(check);
            }
        }

        var isOk = checks.TrueForAll(static check => check.IsOk);
        if (isJson)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(
                new
                {
                    Ok = isOk,
                    Backups = checks.Select(static check => new
                    {
                        check.Id,
                        Ok = check.IsOk,
                        check.Bytes,
                        check.Events,
                        check.Findings,
                    }),
                },
                BackupJson.Options));
        }

        return isOk ? ExitCode.Done : ExitCode.Found;
    }

    private static void Write(BackupCheck check)
    {
        foreach (var finding in check.Findings)
        {
            AnsiConsole.MarkupLineInterpolated($"[red]{Printable.Of(finding)}[/]");
        }

        var what = $"backup {Printable.Of(check.Id)}";
        AnsiConsole.MarkupLineInterpolated(check.IsOk
            ? (FormattableString)$"[green]{what} is whole: {check.Events:N0} events, {ByteSize.Of(check.Bytes)} read[/]"
            : $"[red]{what} is damaged[/]");
    }

    private static async Task<int> PruneAsync(BackupPlace place, string keep, bool isJson)
    {
        TryKeep(keep, out var count, out var age);
        var (backups, pieces) = await new BackupPrune(place, TimeProvider.System).RunAsync(count, age);
        var kept = (await place.ListAsync()).Count;
        await Console.Out.WriteLineAsync(isJson
            ? JsonSerializer.Serialize(new { Backups = backups, Pieces = pieces, Kept = kept }, BackupJson.Options)
            : $"{backups} backups and {pieces} pieces deleted, {kept} backups kept");
        return ExitCode.Done;
    }

    /// <summary>As the service's setting has it.</summary>
    private static bool TryKeep(string text, out int? count, out TimeSpan? age)
    {
        (count, age) = (null, null);
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            count = number;
            return true;
        }

        if (Quantity.TryDuration(text, out var duration) && duration > TimeSpan.Zero)
        {
            age = duration;
            return true;
        }

        return false;
    }
}
