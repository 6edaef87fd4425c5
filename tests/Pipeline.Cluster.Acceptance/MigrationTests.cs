using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.Cluster.Acceptance;

/// <summary>What a silo and a front say to a database that they cannot use, and what a migration does.</summary>
public sealed class MigrationTests
{
    private const int Refused = 2;

    [Fact]
    public async Task Without_membership_tables_silo_and_front_end_with_one_line_that_says_what_to_do()
    {
        await using var database = await PostgresCluster.StartAsync();
        var folder = Directory.CreateTempSubdirectory("pipeline-migration-").FullName;
        var connection = Connection(database.Port, "postgres");
        var ports = Ports.Free(4);
        string[][] commands =
        [
            [
                Built.Silo, $"--Pipeline:Urls=http://127.0.0.1:{ports[0]}",
                $"--Orleans:Endpoints:SiloPort={ports[2]}", $"--Orleans:Endpoints:GatewayPort={ports[3]}",
                $"--Pipeline:Data={folder}", $"--Pipeline:Store:a={Path.Combine(folder, "a")}",
            ],
            [Built.Ingest, $"--Pipeline:Urls=http://127.0.0.1:{ports[1]}"],
        ];
        foreach (var command in commands)
        {
            var (exitCode, output) = await Command.RunAsync(command[0], [.. command[1..], connection]);
            Assert.True(exitCode == Refused, $"{exitCode}: {output}");
            Assert.Contains("run `Pipeline.Silo migrate`", output, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_migration_of_a_database_that_is_not_there_says_so()
    {
        await using var database = await PostgresCluster.StartAsync();
        var (exitCode, output) = await Command.RunAsync(Built.Silo, "migrate", Connection(database.Port, "elsewhere"));
        Assert.Equal(Refused, exitCode);
        Assert.Contains("does not exist", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static string Connection(int port, string database) => "--Orleans:Clustering:ConnectionString="
        + $"Host=127.0.0.1;Port={port};Username=postgres;Database={database}";
}
