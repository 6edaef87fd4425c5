using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;
using Pipeline.TestKit.Machines;

namespace Pipeline.Acceptance;

/// <summary>What README's first command shows to somebody who has nothing but a fresh clone.</summary>
public sealed partial class FirstRunTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_first_screen_says_what_to_do_and_a_restart_goes_on_where_it_was()
    {
        Requires.Linux();
        using var site = new Site { UsesDefaults = true };
        foreach (var file in Directory.GetFiles(Path.Combine(Built.Root, "pipelines")))
        {
            File.Copy(file, Path.Combine(site.Definitions, Path.GetFileName(file)));
        }

        var host = await site.StartAsync();
        var (post, stream) = await PrintedCommandAsync(host);
        var answer = JsonNode.Parse(await Command.MustRunAsync("bash", "-c", post + " --silent --fail"))!;
        Assert.Equal(1, (int)answer["accepted"]!);
        using var client = new ServiceClient(site.Address);
        Assert.Single(await client.ReadAllAsync(stream));
        var page = await client.GetAsync("");
        Assert.True(page.IsOk, "the console answers");
        Assert.True((await client.GetAsync("openapi/v1.json")).IsOk, "the API document is there");

        host.Kill();
        await host.DisposeAsync();
        host = await site.StartAsync();
        Assert.Single(await client.ReadAllAsync(stream));
        await Command.MustRunAsync("bash", "-c", post + " --silent --fail");
        Assert.Equal(2, await client.CountAsync(stream));
        Assert.Equal(0, await host.StopAsync());
        output.WriteLine(host.Output);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task The_first_command_of_the_README_finds_the_ready_made_pipeline()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Built.Root, "README.md"));
        Assert.Contains("dotnet run -c Release --project src/Pipeline.Standalone", readme, StringComparison.Ordinal);
        using var site = new Site();
        await using var host = StandaloneProcess.StartByDotnetRun(site);
        await host.AcceptsAsync(Limit);
        var (_, stream) = await PrintedCommandAsync(host);
        Assert.NotEmpty(stream);
    }

    private static async Task<(string Post, string Stream)> PrintedCommandAsync(StandaloneProcess host)
    {
        var screen = await Eventually.GetAsync(
            () => Task.FromResult(host.Output), static text => PostLine().IsMatch(text), Limit, "a curl line");
        Assert.Contains("openapi", screen, StringComparison.Ordinal);
        var line = PostLine().Match(screen);
        return (line.Value.Trim(), line.Groups[1].Value);
    }

    [GeneratedRegex(@"curl \S+/v1/streams/([\w.-]+)/events .*-d .*", RegexOptions.CultureInvariant)]
    private static partial Regex PostLine();
}
