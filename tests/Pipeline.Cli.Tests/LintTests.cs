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
