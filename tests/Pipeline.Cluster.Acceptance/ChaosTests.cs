using System.Text.Json.Nodes;
using Pipeline.Cluster.Acceptance.Sites;
using Pipeline.TestKit.Machines;

namespace Pipeline.Cluster.Acceptance;

/// <summary>The experiment on a cluster that people are given, as the command line runs it.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public async Task The_experiment_on_a_cluster_holds()
    {
        await using var database = await MigratedDatabase.StartAsync();
        Environment.SetEnvironmentVariable("CHAOS_DATABASE", database.ConnectionString);
        var file = Path.Combine(Directory.CreateTempSubdirectory("pipeline-chaos-").FullName, "cluster.yaml");
        var text = await File.ReadAllTextAsync(Path.Combine(Built.Root, "chaos", "cluster.yaml"));
        await File.WriteAllTextAsync(file, text.Replace("${DATABASE}", "${CHAOS_DATABASE}", StringComparison.Ordinal));
        var page = Path.ChangeExtension(file, ".html");
        var (code, told) = await Command.RunAsync(
            Built.Cli, "chaos", "run", file, "--variables", "CHAOS_DATABASE", "--report", page);

        output.WriteLine(told);
        Assert.True(code == 0, told);
        var json = JsonNode.Parse(await File.ReadAllTextAsync(Path.ChangeExtension(page, ".json")))!;
        Assert.Equal(45_000, (int)json["acknowledged"]!);
        Assert.Equal(5, json["faults"]!.AsArray().Count);
    }
}
