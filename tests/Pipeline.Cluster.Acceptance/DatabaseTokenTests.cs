using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.Cluster.Acceptance;

/// <summary>Silo, front and migration on a database that takes tokens only, as on Azure.</summary>
public sealed class DatabaseTokenTests
{
    private const string Token = "the-token-of-this-hour";
    private const string Entra = "--Orleans:Clustering:Authentication=Entra";
    private const string Definition = "name: plain\nstreams:\n  readings: { partitions: 2, key: key }\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_cluster_joins_and_serves_with_tokens_of_its_identity_in_the_place_of_a_password()
    {
        await using var database = await PostgresCluster.StartAsync();
        await database.AddRoleAsync("pipeline", Token);
        var connection = "--Orleans:Clustering:ConnectionString="
            + $"Host=127.0.0.1;Port={database.Port};Username=pipeline;Database=postgres";
        using var tokens = new TokenEndpoint(Token);
        var folder = Directory.CreateTempSubdirectory("pipeline-tokens-").FullName;
        var (refused, why) = await Command.RunAsync(Built.Silo, "migrate", connection);
        Assert.True(refused != 0 && why.Contains("password", StringComparison.Ordinal), why);
        await Command.MustRunAsync("env", [.. tokens.Variables, Built.Silo, "migrate", connection, Entra]);
        var ports = Ports.Free(4);
        var (siloAddress, frontAddress) = (Loopback(ports[0]), Loopback(ports[1]));
        using var silo = new ClusterProcess("env", siloAddress, "health/ready",
        [
            .. tokens.Variables, Built.Silo, connection, Entra, $"--Pipeline:Urls={siloAddress}",
            $"--Orleans:Endpoints:SiloPort={ports[2]}", $"--Orleans:Endpoints:GatewayPort={ports[3]}",
            $"--Pipeline:Data={folder}", $"--Pipeline:Store:a={Path.Combine(folder, "a")}",
        ]);
        await silo.IsReadyAsync(Limit);
        using var front = new ClusterProcess("env", frontAddress, "health",
            [.. tokens.Variables, Built.Ingest, connection, Entra, $"--Pipeline:Urls={frontAddress}"]);
        await front.IsReadyAsync(Limit);

        using var client = new ServiceClient(frontAddress);
        Assert.True((await client.PutDefinitionAsync("plain", Definition)).IsApplied, front.Output);
        await client.PostUntilAcceptedAsync("readings", "{\"key\":\"k\",\"seq\":0}\n"u8.ToArray(), "h", Limit);
        Assert.Equal(1, await client.CountAsync("readings"));
        Assert.True(tokens.Given >= 3, $"{tokens.Given} tokens for three processes");
        Assert.DoesNotContain(Token, silo.Output + front.Output, StringComparison.Ordinal);
        silo.Kill();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_password_beside_tokens_ends_every_start_with_what_to_do()
    {
        const string Both = "--Orleans:Clustering:ConnectionString=Host=127.0.0.1;Username=u;Password=hidden-one";
        string[][] commands = [[Built.Silo, "migrate"], [Built.Silo, "--Pipeline:Store:a=/a"], [Built.Ingest]];
        foreach (var command in commands)
        {
            var (exitCode, output) = await Command.RunAsync(command[0], [.. command[1..], Both, Entra]);
            Assert.Equal(2, exitCode);
            Assert.Contains("leave one of the two out", output, StringComparison.Ordinal);
            Assert.DoesNotContain("hidden-one", output, StringComparison.Ordinal);
        }
    }

    private static Uri Loopback(int port) => new($"http://127.0.0.1:{port}/");
}
