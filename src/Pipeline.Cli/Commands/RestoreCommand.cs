using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Pipeline.Backups.Places;
using Pipeline.Backups.Restoring;
using Pipeline.Cli.Backups;
using Pipeline.Cli.Output;
using Pipeline.Cli.Stores;
using Pipeline.Runtime.Backups;
using Pipeline.Storage.Blobs;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline restore: writes a backup onto empty stores.</summary>
internal static class RestoreCommand
{
    private const string Interrupted =
        "Interrupted: what was written so far is of no use; restore again, onto the same stores.";

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var (from, at, stores) = (FromOption.Create(), At(), Stores());
        var id = new Option<string?>("--id") { Description = "Which backup; else the newest." };
        var data = new Option<string?>("--data")
        {
            Description = "The data directory of the service to be, with directory stores of its own.",
        };
        var named = new Option<string[]>("--store")
        {
            Description = "name=address, 1, 3 or 5 times, as the service will be given; instead of --data.",
        };
        var paused = new Option<bool>("--paused")
        {
            Description = "All pipelines paused: nothing is processed or written to sinks until each is resumed.",
        };
        var streams = new Option<string[]>("--streams") { Description = "Not built yet." };
        var prefix = new Option<string?>("--as") { Description = "Not built yet." };
        var json = new Option<bool>("--json") { Description = "What was restored, as JSON." };
        var command = new Command("restore", "Write a backup onto empty stores, without a service.")
        {
            from, id, at, data, stores, named, paused, streams, prefix, json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetResult(streams) is not null || parsed.GetResult(prefix) is not null)
            {
                return Task.FromResult(Failure.Tell(
                    "--streams and --as are not built yet: a backup is restored whole. Nothing was done."));
            }

            var slots = StoreSlots.OfNew(
                parsed.GetValue(data), parsed.GetValue(stores), parsed.GetValue(named) ?? [], out var error);
            var wanted = new Wanted(parsed.GetValue(id), parsed.GetValue(at), slots)
            {
                IsPaused = parsed.GetValue(paused),
                IsJson = parsed.GetValue(json),
                Options = Shown(parsed.GetValue(data), parsed.GetValue(named) ?? [], slots.Count),
            };
            return wanted.Error is { } twice ? Task.FromResult(Failure.Tell(twice))
                : error is not null ? Task.FromResult(Failure.Tell(error))
                : FromOption.UseAsync(
                    parsed.GetValue(from)!,
                    Interrupted,
                    place => RestoreAsync(place, wanted).WaitAsync(cancellationToken),
                    cancellationToken);
        });
        return command;
    }

    private static Option<DateTimeOffset?> At() => new("--at")
    {
        HelpName = "time",
        Description = "The newest backup that was cut by then; ISO 8601, without an offset in UTC.",
        CustomParser = static result =>
        {
            var text = result.Tokens[^1].Value;
            if (text.Length >= 10 && text[4] == '-' && DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return time;
            }

            result.AddError($"--at must be an ISO 8601 time, as 2026-01-02T03:04:05Z, not '{text}'.");
            return null;
        },
    };

    private static Option<int?> Stores()
    {
        var stores = new Option<int?>("--stores")
        {
            Description = "How many directory stores below --data: 1, 3 (without it) or 5.",
        };
        stores.Validators.Add(static result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int?>() is not (null or 1 or 3 or 5))
            {
                result.AddError("--stores must be 1, 3 or 5.");
            }
        });
        return stores;
    }

    /// <summary>What the service is to be given; an address may carry a key or a signature.</summary>
    private static string Shown(string? data, string[] named, int count) => data is not null
        ? $"--data {data} --stores {count}"
        : string.Join(' ', named.Select(static store => store.Contains('?') || store.Contains(';')
            ? $"--store {store.Split('=', 2)[0]}=…"
            : $"--store {store}"));

    private static async Task<int> RestoreAsync(BackupPlace place, Wanted wanted)
    {
        var backup = await BackupPlaces.FindAsync(place, wanted.Id, wanted.At);
        var time = TimeProvider.System;
        var begun = time.GetTimestamp();
        var draw = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        var restoration = new BackupRestoration(place, wanted.Slots, draw, time);
        var catalog = RestoredCatalog.Of(backup, draw, wanted.IsPaused ? RestoredCatalog.Paused : null);
        await (Terminal.IsInteractive && !wanted.IsJson
            ? DrawAsync(restoration, backup, catalog)
            : restoration.RunAsync(backup, RestoredCatalog.Name, catalog));
        var report = new Report
        {
            Backup = backup.Id,
            Cut = backup.Cut.UtcDateTime,
            Streams = backup.Logs.Select(static log => log.Stream).Distinct().Count(),
            Events = backup.Events,
            Bytes = restoration.Written,
            Seconds = Math.Round(time.GetElapsedTime(begun).TotalSeconds, 3),
            Stores = [.. wanted.Slots.Select(static slot => slot.Name)],
            Paused = wanted.IsPaused,
        };
        if (wanted.IsJson)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(report, BackupJson.Options));
        }
        else
        {
            Write(report, wanted.Options);
        }

        return ExitCode.Done;
    }

    private static Task DrawAsync(
        BackupRestoration restoration, Backup backup, ReadOnlyMemory<byte> catalog) =>
        AnsiConsole.Progress().StartAsync(async context =>
        {
            var bar = context.AddTask("restoring", maxValue: Math.Max(1, backup.Bytes));
            var running = restoration.RunAsync(backup, RestoredCatalog.Name, catalog);
            while (!running.IsCompleted)
            {
                bar.Value = restoration.Written;
                await Task.WhenAny(running, Task.Delay(Look, TimeProvider.System));
            }

            await running;
            bar.Value = bar.MaxValue;
        });

    private static void Write(Report report, string options)
    {
        var console = AnsiConsole.Console;
        var cut = $"all that was acknowledged before {report.Cut:u} is in it";
        console.MarkupLineInterpolated($"[green]backup {Printable.Of(report.Backup)} is restored:[/] {cut}");
        var size = $"{ByteSize.Of(report.Bytes)} on each of {report.Stores.Count} stores";
        var paused = report.Paused ? "; all pipelines are paused" : "";
        console.MarkupLineInterpolated(
            $"{report.Streams} streams, {report.Events:N0} events, {size}, in {report.Seconds:0.0} s{paused}");
        console.MarkupLineInterpolated(
            $"Start the service with {options}. The old one must be stopped for good: both would write to the sinks.");
    }

    /// <summary>What is to be restored, where to, and how that is told.</summary>
    private sealed record Wanted(string? Id, DateTimeOffset? At, IReadOnlyList<IStoreSlot> Slots)
    {
        public required bool IsPaused { get; init; }

        public required bool IsJson { get; init; }

        /// <summary>With which the service finds the stores.</summary>
        public required string Options { get; init; }

        public string? Error => Id is not null && At is not null ? "--id and --at cannot be given together." : null;
    }

    /// <summary>What was restored.</summary>
    private sealed record Report
    {
        public required string Backup { get; init; }

        public required DateTime Cut { get; init; }

        public required int Streams { get; init; }

        public required long Events { get; init; }

        /// <summary>Written to each store.</summary>
        public required long Bytes { get; init; }

        public required double Seconds { get; init; }

        public required IReadOnlyList<string> Stores { get; init; }

        public required bool Paused { get; init; }
    }
}
