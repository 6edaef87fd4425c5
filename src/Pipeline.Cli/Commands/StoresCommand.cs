using System.CommandLine;
using System.Security.Cryptography;
using Pipeline.Cli.Output;
using Pipeline.Cli.Stores;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Scrubbing;
using Pipeline.Runtime.Catalog;
using Pipeline.Storage.Blobs;
using Spectre.Console;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline verify and pipeline repair: looks at the stores themselves, without a service.</summary>
internal static class StoresCommand
{
    public static Command CreateVerify() => Create(
        "verify",
        "Read every register and segment on every store, check hashes and compare; changes nothing.",
        slots => StoreVerification.RunAsync(slots, new CatalogLogs(), TimeProvider.System));

    public static Command CreateRepair() => Create(
        "repair",
        "Verify, and put right on each store what the others have whole.",
        RepairAsync);

    private static async Task<VerifyReport> RepairAsync(IReadOnlyList<IStoreSlot> slots)
    {
        using var loop = new ThreadLoop("repair", static fault => Failure.Tell(fault.ToString()));
        var report = new TaskCompletionSource<VerifyReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        var draw = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        loop.Post(
            async _ =>
            {
                try
                {
                    report.SetResult(await StoreRestoration.RunAsync(slots, new CatalogLogs(), loop, draw));
                }
                catch (Exception fault)
                {
                    report.SetException(fault);
                }
            },
            null);
        return await report.Task;
    }

    private static Command Create(
        string name, string description, Func<IReadOnlyList<IStoreSlot>, Task<VerifyReport>> look)
    {
        var data = new Option<string>("--data")
        {
            Description = "The service's data directory, with its directory stores.",
            DefaultValueFactory = _ => "./data",
        };
        var stores = new Option<string[]>("--store")
        {
            Description = "name=address, as the service was given; instead of --data.",
        };
        var command = new Command(name, description) { data, stores };
        command.SetAction(async parsed =>
        {
            var slots = StoreSlots.Of(parsed.GetValue(data)!, parsed.GetValue(stores) ?? [], out var error);
            return error is not null ? Failure.Tell(error) : Report(await look(slots));
        });
        return command;
    }

    private static int Report(VerifyReport report)
    {
        foreach (var finding in report.Findings)
        {
            AnsiConsole.MarkupLineInterpolated($"[{(finding.IsDamage ? "red" : "yellow")}]{finding}[/]");
        }

        Console.WriteLine(
            $"{report.Stores.Count} stores, {report.Registers} registers, {report.Logs} logs, "
            + $"{report.ClosedSegments} closed segments ({report.ClosedBytes >> 20} MiB), {report.OpenSegments} open");
        AnsiConsole.MarkupLineInterpolated(report.IsIdentical
            ? (FormattableString)$"[green]everything is readable, and the same, on every store[/]"
            : $"[red]the stores differ in what they must hold[/]");
        return report.IsIdentical ? ExitCode.Done : ExitCode.Found;
    }
}
