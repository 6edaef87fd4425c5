using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.Cluster.Acceptance.Sites;

/// <summary>Databases with the tables of the membership: made once, and copied for each site.</summary>
internal static class MigratedDatabase
{
    private static readonly Lazy<Task<PostgresCluster>> First = new(MakeAsync);

    /// <param name="address">Where it listens beside loopback.</param>
    public static async Task<PostgresCluster> StartAsync(string address = "127.0.0.1") =>
        await PostgresCluster.StartAsync(address, (await First.Value).Data);

    private static async Task<PostgresCluster> MakeAsync()
    {
        var database = await PostgresCluster.StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(
            Path.GetDirectoryName(database.Data)!, recursive: true);
        await Command.MustRunAsync(
            Built.Silo, "migrate", $"--Orleans:Clustering:ConnectionString={database.ConnectionString}");
        await database.EndAsync();
        return database;
    }
}
