using System.CommandLine;
using Pipeline.Backups;
using Pipeline.Backups.Places;
using Pipeline.Cli.Backups;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Commands;

/// <summary>The option that says where the backups are, and what it opens.</summary>
internal static class FromOption
{
    public static Option<string?> Create(bool isRequired = true) => new("--from")
    {
        Required = isRequired,
        HelpName = "place",
        Description = "Where the backups are: a directory, a container's URL, or a connection string with "
            + ";Container=name." + (isRequired ? "" : " No service is asked then."),
    };

    /// <summary>Opens the place and works with it; why that cannot be done is told.</summary>
    public static async Task<int> UseAsync(
        string from, string interrupted, Func<BackupPlace, Task<int>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await work(await BackupPlaces.OpenAsync(from).WaitAsync(cancellationToken));
        }
        catch (BackupException wrong)
        {
            return Failure.Tell(wrong.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Failure.Tell(interrupted);
        }
    }
}
