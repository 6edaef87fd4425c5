using System.CommandLine;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Commands;

/// <summary>pipeline verify and pipeline repair: looks at the stores themselves, without a service.</summary>
internal static class StoresCommand
{
    public static Command CreateVerify() => Create("verify", "Read every segment on every store and compare.");

    public static Command CreateRepair() => Create("repair", "Verify, and repair what the other stores have whole.");

    private static Command Create(string name, string description)
    {
        var data = new Option<string>("--data") { DefaultValueFactory = _ => "./data" };
        var command = new Command(name, description) { data };
        command.SetAction(_ => Failure.Tell($"'{name}' is not built yet."));
        return command;
    }
}
