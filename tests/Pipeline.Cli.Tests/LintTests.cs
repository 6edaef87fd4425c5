using Pipeline.Cli.Tests.Programs;
using Xunit;

namespace Pipeline.Cli.Tests;

public sealed class LintTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pipeline-lint-").FullName;

    [Fact]
    public async Task A_good_definition_is_called_good()
    {
        var (code, output) = await BuiltProgram.RunAsync(
            "lint", Written("good.yaml", "name: good\nstreams:\n  x: { partitions: 2 }\n"));

        Assert.Equal(0, code);
        Assert.Contains("good", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_mistake_is_named_by_file_line_and_column()
    {
        var file = Written("bad.yaml", "name: bad\nstreams:\n  x: { partitons: 2 }\n  y: { keey: k }\n");

        var (code, output) = await BuiltProgram.RunAsync("lint", file);

        Assert.Equal(1, code);
        Assert.Contains($"{file}:3:8: ", output, StringComparison.Ordinal);
        Assert.Contains($"{file}:4:8: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_in_a_query_is_named_by_its_place_in_the_file()
    {
        var file = Written("query.yaml", "name: q\nstreams:\n  x: {}\nstages:\n  s:\n    query: SELECT a FRM x\n");

        var (code, output) = await BuiltProgram.RunAsync("lint", file);

        Assert.Equal(1, code);
        Assert.Contains($"{file}:6:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_may_read_each_others_streams()
    {
        var streams = Written("streams.yaml", "name: streams\nstreams:\n  x: {}\n");
        var stages = Written("stages.yaml", "name: stages\nstages:\n  s: { query: SELECT a FROM x }\n");

        Assert.Equal(1, (await BuiltProgram.RunAsync("lint", stages)).ExitCode);
        Assert.Equal(0, (await BuiltProgram.RunAsync("lint", streams, stages)).ExitCode);
    }

    [Fact]
    public async Task Files_may_read_what_stages_of_others_write_in_any_order()
    {
        var writes = Written("c.yaml", """
            name: c
            streams: { s1: {} }
            stages: { x: { materialize: true, query: SELECT v FROM s1 } }
            """);
        var reads = Written("d.yaml", "name: d\nstages: { y: { query: 'SELECT v FROM [c.x]' } }\n");
        Assert.Equal(0, (await BuiltProgram.RunAsync("lint", writes, reads)).ExitCode);
        Assert.Equal(0, (await BuiltProgram.RunAsync("lint", reads, writes)).ExitCode);
        var (code, output) = await BuiltProgram.RunAsync(
            "lint", writes, Written("e.yaml", "name: e\nstreams: { s1: {} }\n"));
        Assert.Equal(1, code);
        Assert.Contains("e.yaml:2:12: Stream 's1' is declared in ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_UTF_8_is_a_mistake_with_its_place()
    {
        var file = Path.Combine(_folder, "latin.yaml");
        await File.WriteAllBytesAsync(file, [.. "name: lat\nstreams:\n  ls: { key: caf"u8, 0xE9, .. " }\n"u8]);
        var (code, output) = await BuiltProgram.RunAsync("lint", file);
        Assert.Equal(1, code);
        Assert.Contains($"{file}:3:17: The byte E9 is not UTF-8", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: x\nstages:\n", "- ", 25_400)]
    [InlineData("", "? ", 200_000)]
    [InlineData("name: ", "[", 200_000)]
    [InlineData("", "{\"a\":", 100_000)]
    public async Task Deep_nesting_is_a_mistake_with_its_place(string before, string each, int times)
    {
        var file = Written("deep.yaml", before + string.Concat(Enumerable.Repeat(each, times)));
        var (code, output) = await BuiltProgram.RunAsync("lint", file);
        Assert.Equal(1, code);
        Assert.Contains($"{file}:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_are_read_where_the_host_would_read_them()
    {
        var file = Written("v.yaml", """
            name: v
            streams: { s: {} }
            sinks: { f: { from: s, files: { path: '${HOME}' } } }
            """);
        var (code, output) = await BuiltProgram.RunAsync("lint", file);
        Assert.Equal(1, code);
        Assert.Contains("Pipeline:Definitions:Variables", output, StringComparison.Ordinal);
        Assert.Equal(0, (await BuiltProgram.RunAsync("lint", file, "--variables", "PATH,HOM*")).ExitCode);
    }

    [Fact]
    public async Task Built_in_stages_are_known()
    {
        var file = Written("code.yaml", """
            name: c
            streams: { s: {} }
            stages: { a: { from: s, code: Samples.Scoring } }
            """);
        Assert.Equal(0, (await BuiltProgram.RunAsync("lint", file)).ExitCode);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_another_failure() =>
        Assert.Equal(2, (await BuiltProgram.RunAsync("lint", Path.Combine(_folder, "nothing.yaml"))).ExitCode);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Written(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
