using System.CommandLine;
using Pipeline.Cli.Commands;
using Pipeline.Cli.Output;

Terminal.Use();
var root = new RootCommand("Works with a running Pipeline service, with definitions, and with stores at rest.")
{
    LintCommand.Create(),
    TestCommand.Create(),
    DiffCommand.Create(),
    ApplyCommand.Create(),
    StatusCommand.Create(),
    SendCommand.Create(),
    TailCommand.Create(),
    LoadCommand.Create(),
    TopCommand.Create(),
    DeadLetterCommand.Create(),
    ChaosCommand.Create(),
    BackupCommand.Create(),
    RestoreCommand.Create(),
    DrillCommand.Create(),
    KeyCommand.Create(),
    StoresCommand.CreateVerify(),
    StoresCommand.CreateRepair(),
};
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,

        // What was started is ended first.
        ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
    });
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
{
    return Failure.Tell($"Cannot go on: {exception.Message}");
}
