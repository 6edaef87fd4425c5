using Pipeline.Definitions;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Tests.Pipelines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>Where sinks may write, and that no two of them write to one directory.</summary>
public sealed class SinkPlacementTests
{
    [Theory]
    [InlineData("../d/x", "leads out of the data folder")]
    [InlineData("/etc/probe", "leads out of the data folder")]
    [InlineData("a/../..", "leads out of the data folder")]
    [InlineData("link/x", "leads out of the data folder")]
    [InlineData(".", "leads to the data folder itself")]
    [InlineData("a/..", "leads to the data folder itself")]
    [InlineData("stores/1", "leads to where stores lie")]
    [InlineData("stores", "leads to where stores lie")]
    [InlineData("x/../stores/1/logs", "leads to where stores lie")]
    [InlineData("inside/1", "leads to where stores lie")]
    [InlineData("kept/x", "leads to where stores lie")]
    [InlineData("~/.ssh", "begins with '~'")]
    [InlineData("C:\\\\x", "has a '\\'")]
    [InlineData("a\\eb", "has characters that are no text")]
    [InlineData("a\\nb", "has characters that are no text")]
    [InlineData("circle/x", "cannot be followed")]
    public async Task A_path_that_leads_where_sinks_may_not_write_is_refused(string path, string message)
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(
            stores, change: s => s with { StoreDirectories = [Path.Combine(s.DataDirectory, "kept")] });
        Directory.CreateDirectory(Path.Combine(world.Data, "stores/1"));
        File.CreateSymbolicLink(Path.Combine(world.Data, "link"), "/tmp");
        File.CreateSymbolicLink(Path.Combine(world.Data, "inside"), "stores");
        File.CreateSymbolicLink(Path.Combine(world.Data, "circle"), "circle");
        var error = Assert.Single(await world.RefusedAsync(Sink("t", "raw", path)));
        Assert.StartsWith("Invalid 3:43: Sink 'out': 'path' ", error);
        Assert.Contains(message, error);
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task A_name_longer_than_a_file_system_has_is_refused()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        Assert.Equal(
            ["Invalid 3:43: Sink 'out': 'path' has a name of more than 255 bytes."],
            await world.RefusedAsync(Sink("t", "raw", new string('a', 300))));
    }

    [Fact]
    public async Task The_setting_allows_other_folders_and_the_refusal_names_it()
    {
        var other = Directory.CreateTempSubdirectory("pipeline-other-").FullName;
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores, change: s => s with { SinkPaths = [other] });
        Assert.Contains(
            "the setting Pipeline:Sinks:Paths", Assert.Single(await world.RefusedAsync(Sink("t", "raw", other + "x"))));
        await world.ApplyAsync(Sink("t", "raw", other + "/deep"));
        await world.AppendAsync("raw", "a", ("", "1"));
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 1);
        Assert.Single(Directory.GetFiles(other + "/deep", "0-*"));
        world.Kill();
        Directory.Delete(other, recursive: true);
    }

    [Theory]
    [InlineData("same", "DATA/same")]
    [InlineData("same", "./same/.")]
    [InlineData("same", "link")]
    [InlineData("same", "link/../same/")]
    [InlineData("same/deep", "link/deep")]
    public async Task Two_paths_to_one_directory_are_refused(string left, string right)
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        Directory.CreateDirectory(Path.Combine(world.Data, "same"));
        File.CreateSymbolicLink(Path.Combine(world.Data, "link"), "same");
        right = right.Replace("DATA", world.Data, StringComparison.Ordinal);
        await world.ApplyAsync(Sink("a", "one", left));
        Assert.Equal(
            ["Conflict 3:43: Sink 'out' writes to the directory of sink 'out' of pipeline 'a'."],
            await world.RefusedAsync(Sink("b", "two", right)));
        var both = $$"""
            name: c
            streams: { k1: { partitions: 1 }, k2: { partitions: 1 } }
            sinks: { fa: { from: k1, files: { path: '{{left}}x' } }, fb: { from: k2, files: { path: '{{left}}x/.' } } }
            """;
        var error = Assert.Single(await world.RefusedAsync(both));
        Assert.Contains("Sinks 'fa' and 'fb' write to one directory.", error);
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task A_directory_that_a_link_makes_the_same_later_is_refused_by_its_claim()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Sink("a", "one", "same"));
        await world.UntilAsync("a", status => status.Instances[0].State == StageInstanceState.Running);
        await world.ApplyAsync(Sink("b", "two", "other/x"));
        await world.UntilAsync("b", status => status.Instances[0].State == StageInstanceState.Running);
        await world.Pipelines.PauseAsync("b", null, default);
        Directory.Delete(Path.Combine(world.Data, "other/x"), recursive: true);
        File.CreateSymbolicLink(Path.Combine(world.Data, "other/x"), "../same");
        await world.Pipelines.ResumeAsync("b", null, default);
        await FailsAsync(world, "b", "it belongs to sink 'out' of pipeline 'a'");
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task A_sink_that_reads_another_stream_now_does_not_take_its_old_files_for_its_own()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync("name: s\nstreams: { one: { partitions: 1 }, two: { partitions: 1 } }");
        await world.ApplyAsync("name: t\nsinks: { out: { from: one, files: { path: out, roll: { every: 20ms } } } }");
        await world.AppendAsync("one", "a", ("", "1"), ("", "2"));
        await world.AppendAsync("two", "a", ("", "3"), ("", "4"), ("", "5"));
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 2);
        await world.ApplyAsync("name: t\nsinks: { out: { from: two, files: { path: out, roll: { every: 20ms } } } }");
        await FailsAsync(world, "t", "its files are of stream 'one', not of 'two'");
        await world.ApplyAsync("name: t\nsinks: { out: { from: two, files: { path: out2, roll: { every: 20ms } } } }");
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 3);
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task A_stream_deleted_and_declared_anew_does_not_go_on_in_the_files_of_the_old_one()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Sink("t", "raw", "out"));
        await world.AppendAsync("raw", "a", ("", "1"), ("", "2"));
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 2);
        await world.Pipelines.DeleteAsync("t", deleteStreams: true, null, default);
        await world.ApplyAsync(Sink("t", "raw", "out"));
        await FailsAsync(world, "t", "its files are of a stream 'raw' that was deleted since");
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task A_pipeline_deleted_and_applied_anew_goes_on_behind_its_files()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Sink("t", "raw", "out"));
        await world.AppendAsync("raw", "a", ("", "1"), ("", "2"));
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 2);
        await world.Pipelines.DeleteAsync("t", deleteStreams: false, null, default);
        await world.ApplyAsync(Sink("t", "raw", "out"));
        await world.AppendAsync("raw", "b", ("", "3"));
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 3);
        var lines = Directory.GetFiles(Path.Combine(world.Data, "out"), "0-*").Order().SelectMany(File.ReadAllLines);
        Assert.Equal(["1", "2", "3"], lines);
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task A_second_host_does_not_share_a_directory_with_the_first()
    {
        var shared = Directory.CreateTempSubdirectory("pipeline-shared-").FullName;
        await using var here = await ThreeStores.FormatAsync();
        await using var there = await ThreeStores.FormatAsync();
        await using var first = await PipelineWorld.StartAsync(here, 1, change: s => s with { SinkPaths = [shared] });
        await using var second = await PipelineWorld.StartAsync(there, 2, change: s => s with { SinkPaths = [shared] });
        await first.ApplyAsync(Sink("t", "raw", shared));
        await first.AppendAsync("raw", "a", ("", "1"), ("", "2"));
        await first.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 2);
        await second.ApplyAsync(Sink("t", "raw", shared));
        await second.AppendAsync("raw", "a", ("", "x"), ("", "y"), ("", "z"));
        await FailsAsync(second, "t", "of another host or cluster");
        first.Kill();
        second.Kill();
        Directory.Delete(shared, recursive: true);
    }

    [Fact]
    public async Task Files_that_nobody_claims_are_not_taken_for_the_sinks_own()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        var directory = Directory.CreateDirectory(Path.Combine(world.Data, "out")).FullName;
        var file = Path.Combine(directory, "3-00000000000000000000.ndjson");
        await File.WriteAllTextAsync(file, "1\n");
        await world.ApplyAsync(Sink("t", "raw", "out"));
        await world.AppendAsync("raw", "a", ("", "1"));
        await FailsAsync(world, "t", "it holds files that nobody claims, as 3-00000000000000000000.ndjson");
        File.Delete(file);
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 1);
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task The_value_of_a_variable_in_a_path_is_not_shown()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(
            stores, change: s => s with { Variables = DefinitionVariables.Of("OUT", _ => "s3cret") });
        Directory.CreateDirectory(world.Data);
        await File.WriteAllTextAsync(Path.Combine(world.Data, "s3cret"), "a file");
        await world.ApplyAsync(Sink("t", "raw", "${OUT}"));
        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Failed);
        Assert.True(world.Keeper.TryGet("t", out var status));
        Assert.Contains("${OUT}", status.Instances[0].Error);
        Assert.DoesNotContain("s3cret", status.Instances[0].Error);
        Assert.Contains("${OUT}", status.Definition);
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    private static string Sink(string pipeline, string stream, string path) =>
        $"name: {pipeline}\nstreams: {{ {stream}: {{ partitions: 1 }} }}\n"
            + $"sinks: {{ out: {{ from: {stream}, files: {{ path: \"{path}\", roll: {{ every: 20ms }} }} }} }}";

    private static async Task FailsAsync(PipelineWorld world, string pipeline, string reason)
    {
        await world.UntilAsync(pipeline, status => status.Instances[0].State == StageInstanceState.Failed);
        Assert.True(world.Keeper.TryGet(pipeline, out var status));
        Assert.Contains(reason, status.Instances[0].Error);
    }
}
