using Pipeline.Acceptance.Hosts;
using Pipeline.TestKit.Clients;

namespace Pipeline.Acceptance;

/// <summary>A start that cannot be right ends with exit code 2 and says everything that is wrong.</summary>
public sealed class RefusedStartTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_invalid_definition_ends_the_start_with_every_mistake_and_its_place()
    {
        using var site = new Site();
        site.Define("wrong", """
            name: wrong
            streams:
              readings: { partitions: 4, keey: deviceId }
            stages:
              hot:
                query: SELECT deviceId FROM reedings
            """);
        await using var host = StandaloneProcess.Start(site, site.Address);
        Assert.Equal(2, await host.ExitsAsync(Limit));
        Assert.Contains("wrong.yaml:3:", host.Output, StringComparison.Ordinal);
        Assert.Contains("keey", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_reads_nothing_known_is_named_with_its_line()
    {
        using var site = new Site();
        site.Define("wrong", """
            name: wrong
            streams:
              readings: { partitions: 4, key: deviceId }
            stages:
              hot:
                query: SELECT deviceId FROM reedings
            """);
        await using var host = StandaloneProcess.Start(site, site.Address);
        Assert.Equal(2, await host.ExitsAsync(Limit));
        Assert.Contains("wrong.yaml:6:", host.Output, StringComparison.Ordinal);
        Assert.Contains("reedings", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_files_that_define_one_pipeline_are_both_named_and_nothing_is_applied()
    {
        using var site = new Site();
        site.Define("a", "name: same\nstreams: { one: {} }");
        site.Define("b", "name: same\nstreams: { two: {} }");
        await using (var host = StandaloneProcess.Start(site, site.Address))
        {
            Assert.Equal(2, await host.ExitsAsync(Limit));
            Assert.Contains("a.yaml: pipeline 'same' is defined in ", host.Output, StringComparison.Ordinal);
            Assert.Contains("b.yaml too: keep one", host.Output, StringComparison.Ordinal);
        }

        File.Delete(Path.Combine(site.Definitions, "b.yaml"));
        await using var again = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        Assert.Equal(404, (await client.GetAsync("v1/streams/two")).Status);
    }

    [Fact]
    public async Task Files_may_read_each_others_streams_whatever_their_names()
    {
        using var site = new Site();
        site.Define("0-last", "name: x\nstages: { s: { query: 'SELECT * FROM [y.s]' } }");
        site.Define("1-next", "name: y\nstages: { s: { query: 'SELECT * FROM [z.s]' } }");
        site.Define("2-first", "name: z\nstreams: { one: {} }\nstages: { s: { query: 'SELECT * FROM one' } }");
        await using var host = await site.StartAsync();
        using var client = new ServiceClient(site.Address);
        Assert.Equal(200, (await client.GetAsync("v1/streams/x.s")).Status);
    }

    [Fact]
    public async Task Listening_beyond_loopback_without_authentication_is_refused()
    {
        using var site = new Site();
        await using var host = StandaloneProcess.Start(site, new Uri("http://0.0.0.0:18080"));
        Assert.Equal(2, await host.ExitsAsync(Limit));
        Assert.Contains("authentication", host.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Kestrel__Endpoints__X__Url", "http://0.0.0.0:18499")]
    [InlineData("ASPNETCORE_URLS", "http://0.0.0.0:18499")]
    [InlineData("DOTNET_URLS", "http://*:18499")]
    [InlineData("Pipeline__Urls", "http://0.0.0.0:18499")]
    [InlineData("Pipeline__HealthUrls", "http://0.0.0.0:18499")]
    public async Task No_other_setting_listens_beyond_loopback_without_authentication(string name, string value)
    {
        using var site = new Site { UsesUrls = name != "Pipeline__Urls" };
        site.Variables[name] = value;
        await using var host = StandaloneProcess.Start(site, site.Address);
        Assert.Equal(2, await host.ExitsAsync(Limit));
        Assert.Contains("no authentication is configured", host.Output, StringComparison.Ordinal);
        Assert.Contains(value, host.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--data", "file", "is a file; it must be a folder")]
    [InlineData("--data", "file/below", "cannot be made")]
    [InlineData("--code", "file", "is a file; it must be a folder")]
    [InlineData("--pipelines", "file", "there is no folder")]
    public async Task A_file_where_a_folder_should_be_is_named_in_one_line(string option, string path, string reason)
    {
        using var site = new Site { UsesDefaults = true };
        await File.WriteAllTextAsync(Path.Combine(site.Folder, "file"), "x");
        site.Arguments.Add(option);
        site.Arguments.Add(Path.Combine(site.Folder, path));
        await using var host = StandaloneProcess.Start(site, site.Address);
        Assert.Equal(2, await host.ExitsAsync(Limit));
        var line = Assert.Single(host.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"{option}: ", line, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(site.Folder, path), line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_the_code_folder_that_is_no_assembly_is_named()
    {
        using var site = new Site();
        var code = Directory.CreateDirectory(Path.Combine(site.Folder, "code")).FullName;
        await File.WriteAllTextAsync(Path.Combine(code, "broken.dll"), "not an assembly");
        site.Arguments.Add("--code");
        site.Arguments.Add(code);
        await using var host = StandaloneProcess.Start(site, site.Address);
        Assert.Equal(2, await host.ExitsAsync(Limit));
        Assert.Contains("broken.dll is not a .NET assembly", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_file_that_is_wrong_is_told_whatever_is_wrong_with_it()
    {
        using var site = new Site();
        site.Define("a-deep", "name: x\nstages:\n" + string.Concat(Enumerable.Repeat("- ", 25_400)) + "1");
        site.Define("b-open", "name: z\nstreams:\n  r: { partitions: 1\nstages: {}\n");
        await File.WriteAllBytesAsync(Path.Combine(site.Definitions, "c.yaml"), [.. "name: c\n#"u8, 0xE9]);
        await File.WriteAllTextAsync(Path.Combine(site.Definitions, "D.YAML"), "name: d\noops: 1\n");
        site.Define("e-secret", "name: e\nstreams: { s: { partitions: 1 } }\n"
            + "sinks: { f: { from: s, files: { path: '${PATH}' } } }\n");
        await using var host = StandaloneProcess.Start(site, site.Address);
        Assert.Equal(2, await host.ExitsAsync(Limit));
        Assert.Contains("a-deep.yaml:3:", host.Output, StringComparison.Ordinal);
        Assert.Contains("b-open.yaml:", host.Output, StringComparison.Ordinal);
        Assert.Contains("c.yaml:2:2: The byte E9", host.Output, StringComparison.Ordinal);
        Assert.Contains("D.YAML:2:1: A pipeline has no field 'oops'", host.Output, StringComparison.Ordinal);
        Assert.Contains("e-secret.yaml:3:", host.Output, StringComparison.Ordinal);
        Assert.Contains("Pipeline:Definitions:Variables", host.Output, StringComparison.Ordinal);
    }
}
