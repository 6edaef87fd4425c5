using System.Security.Cryptography;
using System.Text;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Programs;

namespace Pipeline.Cluster.Acceptance;

/// <summary>
/// What is promised of the images of silo and front, where the images cannot be run: not root, a read-only root. The
/// script is the one that tests/Pipeline.Infra.Tests confines the standalone host with.
/// </summary>
public sealed class ConfinedTests
{
    private const string User = "1654";
    private const string Key = "a-key-of-this-test-that-is-long-enough";
    private const int CannotConfine = 97;
    private const string Definition = "name: plain\nstreams:\n  readings: { partitions: 2, key: key }\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Silo_and_front_serve_as_the_images_user_and_write_only_to_the_silos_data()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux: dotnet run test.cs on a Debian machine");
        Assert.SkipUnless(Environment.UserName == "root", "needs root (mounts): sudo dotnet run test.cs");
        var data = Directory.CreateTempSubdirectory("pipeline-silo-").FullName;
        var published = Directory.CreateTempSubdirectory("pipeline-published-").FullName;
        var siloProgram = await Built.PublishAsync("Pipeline.Silo", Path.Combine(published, "silo"));
        var frontProgram = await Built.PublishAsync("Pipeline.Ingest", Path.Combine(published, "ingest"));
        await Command.MustRunAsync("chmod", "a+rx", published);
        var nothing = Directory.CreateTempSubdirectory("pipeline-front-").FullName;
        var (canConfine, _) = await Command.RunAsync("unshare", [.. Confined(data), "true"]);
        Assert.SkipWhen(canConfine == CannotConfine, "needs mounts (docker run --privileged)");
        await using var database = await PostgresCluster.StartAsync();
        var connection = $"--Orleans:Clustering:ConnectionString={database.ConnectionString}";
        await Command.MustRunAsync("unshare", [.. Confined(nothing), siloProgram, "migrate", connection]);
        var ports = Ports.Free(4);
        var (siloAddress, frontAddress) = (Loopback(ports[0]), Loopback(ports[1]));
        using var silo = new ClusterProcess("unshare", siloAddress, "health/ready",
        [
            .. Confined(data), siloProgram, connection, $"--Pipeline:Urls={siloAddress}",
            $"--Orleans:Endpoints:SiloPort={ports[2]}", $"--Orleans:Endpoints:GatewayPort={ports[3]}",
            $"--Pipeline:Data={data}", $"--Pipeline:Store:a={Path.Combine(data, "a")}",
        ]);
        await silo.IsReadyAsync(Limit);
        using var front = new ClusterProcess("unshare", frontAddress, "health",
        [
            .. Confined(nothing), frontProgram, connection, $"--Pipeline:Urls={frontAddress}",
            $"--Pipeline:Auth:Keys:a:Hash={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))}",
            "--Pipeline:Auth:Keys:a:Roles=producer,reader,operator",
        ]);
        await front.IsReadyAsync(Limit);

        Assert.All([silo, front], process => Assert.Equal(User, UserOf(process)));
        using var client = new ServiceClient(frontAddress) { Key = Key };
        Assert.True((await client.PutDefinitionAsync("plain", Definition)).IsApplied, front.Output);
        await client.PostUntilAcceptedAsync("readings", "{\"key\":\"k\",\"seq\":0}\n"u8.ToArray(), "h", Limit);
        Assert.Equal(1, await client.CountAsync("readings"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(nothing));
        Assert.NotEmpty(Directory.EnumerateFileSystemEntries(Path.Combine(data, "a")));
        silo.Kill();
        front.Kill();
        Directory.Delete(data, recursive: true);
        Directory.Delete(published, recursive: true);
        Directory.Delete(nothing, recursive: true);
    }

    private static string[] Confined(string folder) =>
        ["--mount", "sh", Path.Combine(Built.Root, "tests", "Pipeline.Infra.Tests", "confined.sh"), folder, User];

    /// <summary>Who a process really runs as.</summary>
    private static string UserOf(ClusterProcess process) =>
        File.ReadLines($"/proc/{process.Id}/status")
            .First(static line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];

    private static Uri Loopback(int port) => new($"http://127.0.0.1:{port}/");
}
