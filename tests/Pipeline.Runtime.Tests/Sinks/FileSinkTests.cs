using System.Diagnostics;
using Pipeline.Processing.Instances;
using Pipeline.Processing.Sinks;
using Pipeline.Runtime.Pipelines;
using Pipeline.Runtime.Tests.Pipelines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

public sealed class FileSinkTests
{
    private const string Raw = """
        name: t
        streams: { raw: { partitions: 1 } }
        sinks: { out: { from: raw, files: { path: out, roll: { size: 40B, every: 30ms } } } }
        """;

    [Fact]
    public async Task A_file_published_without_a_checkpoint_is_not_written_again()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Raw);
        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Running);
        await world.ApplyAsync("name: t\nstreams: { raw: { partitions: 1 } }");
        var directory = Path.Combine(world.Data, "out");
        await File.WriteAllTextAsync(Path.Combine(directory, SinkFileName.Of(0, 0)), "1\n2\n");
        await File.WriteAllTextAsync(Path.Combine(directory, SinkFileName.Of(1, 7)), "of another partition\n");
        Directory.CreateDirectory(Path.Combine(directory, SinkFileName.Place(0, new(1, 1))));
        await File.WriteAllTextAsync(Path.Combine(directory, SinkFileName.Hidden(0, new(1, 1))), "left behind");
        await world.AppendAsync("raw", "a", ("", "1"), ("", "2"), ("", "3"), ("", "{ \"a\":\r\n4 }"));
        await world.ApplyAsync(Raw);
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 4);
        Assert.Equal(
            ["0-00000000000000000000.ndjson", "0-00000000000000000002.ndjson", "1-00000000000000000007.ndjson"],
            Directory.GetFiles(directory).Select(file => Path.GetFileName(file)).Where(name => name[0] != '.').Order());
        Assert.Equal("3\n{ \"a\":  4 }\n", await File.ReadAllTextAsync(Path.Combine(directory, SinkFileName.Of(0, 2))));
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Theory]
    [InlineData(0, "FOREIGN\n")]
    [InlineData(1, "FOREIGN\n")]
    [InlineData(1, "")]
    public async Task A_file_of_others_at_or_after_the_next_name_is_never_taken_for_written_events(
        int ahead, string content)
    {
        await using var stores = await ThreeStores.FormatAsync();
        var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Raw);
        await world.AppendAsync("raw", "a", ("", "1"), ("", "2"));
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 2);
        var foreign = Path.Combine(world.Data, "out", SinkFileName.Of(0, 2 + ahead));
        await File.WriteAllTextAsync(foreign, content);
        await world.AppendAsync("raw", "b", ("", "3"), ("", "4"), ("", "5"));
        if (ahead > 0)
        {
            await world.DisposeAsync();
            world = await PipelineWorld.StartAsync(stores, 2);
        }

        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Failed
            && status.Instances[0].Error!.Contains("is not this sink's", StringComparison.Ordinal));
        Assert.Equal(content, await File.ReadAllTextAsync(foreign));
        File.Delete(foreign);
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 5);
        Assert.Equal(
            "1\n2\n3\n4\n5\n",
            string.Concat(Directory.GetFiles(Path.Combine(world.Data, "out"), "0-*").Order().Select(File.ReadAllText)));
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task A_host_that_froze_before_it_published_publishes_nothing_once_the_sink_has_moved_elsewhere()
    {
        await using var stores = await ThreeStores.FormatAsync();
        var files = new HeldFiles();
        var frozen = await PipelineWorld.StartAsync(stores, sinkFiles: files);
        await frozen.ApplyAsync(Raw);
        await frozen.AppendAsync("raw", "a", ("", "1"), ("", "2"));
        await files.FrozenAsync();

        var later = await PipelineWorld.StartAsync(stores, 2);
        await later.ApplyAsync(Raw.Replace("path: out", "path: other", StringComparison.Ordinal));
        await later.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 2);
        Assert.NotEqual("Published", await files.WakeAsync());
        Assert.Empty(Directory.GetFiles(Path.Combine(later.Data, "out"), "0-*"));
        Assert.Equal("1\n2\n", await File.ReadAllTextAsync(Path.Combine(later.Data, "other", SinkFileName.Of(0, 0))));
        frozen.Kill();
        later.Kill();
        Directory.Delete(later.Data, recursive: true);
    }

    [Fact]
    public async Task A_sink_of_a_stream_that_has_nothing_new_says_at_once_that_it_runs()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync("name: t\nstreams: { raw: { partitions: 1 } }");
        await world.OwnsAsync("raw");
        var watch = Stopwatch.StartNew();
        await world.ApplyAsync(Raw);
        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Running);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"{watch.Elapsed}");
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task A_sink_whose_files_cannot_be_seen_is_not_changed_before_they_can()
    {
        const string Two = "out/one, roll: { size: 40B, every: 30ms }";
        var text = Raw.Replace("out, roll: { size: 40B, every: 30ms }", Two, StringComparison.Ordinal);
        await using var stores = await ThreeStores.FormatAsync();
        var files = new AwayFiles();
        await using var world = await PipelineWorld.StartAsync(
            stores,
            change: static settings => settings with { CutTimeout = TimeSpan.FromSeconds(1) },
            sinkFiles: files);
        await world.ApplyAsync(text);
        await world.AppendAsync("raw", "a", ("", "1"), ("", "2"), ("", "3"));
        await world.UntilAsync("t", status => status.Instances[0].Cursor == 3);
        var other = text.Replace("out/one", "out/two", StringComparison.Ordinal);
        files.IsAway = true;
        var outcome = await world.Keeper.ApplyAsync(new ApplyRequest { Text = other }, default);
        Assert.True(outcome.Status == ApplyStatus.Unavailable, $"{outcome.Status}: {outcome.Detail}");
        Assert.Contains("the share is away", outcome.Detail, StringComparison.Ordinal);
        files.IsAway = false;
        await world.ApplyAsync(other);
        await world.AppendAsync("raw", "b", ("", "4"));
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 4);
        var lines = Directory.GetFiles(Path.Combine(world.Data, "out"), "0-*", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Order();
        Assert.Equal(["1", "2", "3", "4"], lines);
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task Files_that_end_behind_the_stream_stop_the_sink_instead_of_leaving_events_out()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Raw);
        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Running);
        await world.ApplyAsync("name: t\nstreams: { raw: { partitions: 1 } }");
        await File.WriteAllTextAsync(Path.Combine(world.Data, "out", SinkFileName.Of(0, 0)), "1\n2\n");
        await world.ApplyAsync(Raw);
        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Failed);
        Assert.True(world.Keeper.TryGet("t", out var status));
        Assert.EndsWith("raw/0 ends at 0: they are another stream's", status.Instances[0].Error);
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    /// <summary>As after a restore: several files of the service that went on lie behind the checkpoint.</summary>
    [Fact]
    public async Task Each_file_that_the_checkpoint_does_not_know_is_compared_and_not_the_last_one_alone()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Raw);
        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Running);
        await world.ApplyAsync("name: t\nstreams: { raw: { partitions: 1 } }");
        await world.AppendAsync("raw", "a", ("", "1"), ("", "2"), ("", "3"));
        var files = Path.Combine(world.Data, "out");
        await File.WriteAllTextAsync(Path.Combine(files, SinkFileName.Of(0, 0)), "1\n");
        await File.WriteAllTextAsync(Path.Combine(files, SinkFileName.Of(0, 1)), "other\n");
        await File.WriteAllTextAsync(Path.Combine(files, SinkFileName.Of(0, 2)), "3\n");
        await world.ApplyAsync(Raw);
        await world.UntilAsync("t", status => status.Instances[0].Error is { } error
            && error.Contains($"the file {SinkFileName.Of(0, 1)} in ", StringComparison.Ordinal));
        File.Delete(Path.Combine(files, SinkFileName.Of(0, 1)));
        File.Delete(Path.Combine(files, SinkFileName.Of(0, 2)));
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 3);
        Assert.Equal(["1", "2", "3"], Directory.GetFiles(files, "0-*").Order().SelectMany(File.ReadLines));
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_holds_the_sink_up_until_it_can()
    {
        await using var stores = await ThreeStores.FormatAsync();
        Directory.CreateDirectory(stores.Root(0) + "-data");
        var blocked = stores.Root(0) + "-data/out";
        await File.WriteAllTextAsync(blocked, "a file where the directory should be");
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Raw);
        await world.AppendAsync("raw", "a", ("", "1"));
        await world.UntilAsync(
            "t", status => status.Instances[0] is { State: StageInstanceState.Failed, Error: not null });
        File.Delete(blocked);
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 1);
        Assert.Equal("1\n", await File.ReadAllTextAsync(Path.Combine(blocked, SinkFileName.Of(0, 0))));
        Directory.Delete(stores.Root(0) + "-data", recursive: true);
    }

    [Fact]
    public async Task A_taken_name_fails_the_sink_until_it_is_free()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Raw);
        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Running);
        var name = Path.Combine(world.Data, "out", SinkFileName.Of(0, 0));
        var victim = Path.Combine(world.Data, "victim");
        await File.WriteAllTextAsync(victim, "precious\n");
        File.CreateSymbolicLink(name, victim);
        await world.AppendAsync("raw", "a", ("", "1"));
        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Failed);
        Assert.True(world.Keeper.TryGet("t", out var failed));
        Assert.Equal(
            "the file 0-00000000000000000000.ndjson in out is not this sink's, and it is never replaced: move it away",
            failed.Instances[0].Error);
        Assert.Equal("precious\n", await File.ReadAllTextAsync(victim));
        File.Delete(name);
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 1);
        Assert.Equal("1\n", await File.ReadAllTextAsync(name));

        // However often it was tried.
        Assert.True(world.Keeper.TryGet("t", out var done));
        Assert.Equal(1, done.Instances[0].Counts.Read);
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }

    [Fact]
    public async Task Links_with_the_hidden_names_are_not_written_through()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync(Raw);
        await world.UntilAsync("t", status => status.Instances[0].State == StageInstanceState.Running);
        var victim = Path.Combine(world.Data, "victim");
        await File.WriteAllTextAsync(victim, "precious\n");
        for (var epoch = 0; epoch < 20; epoch++)
        {
            Directory.CreateDirectory(Path.Combine(world.Data, "out", SinkFileName.Place(0, new(8, epoch))));
            File.CreateSymbolicLink(Path.Combine(world.Data, "out", SinkFileName.Hidden(0, new(8, epoch))), victim);
        }

        await world.AppendAsync("raw", "a", ("", "1"));
        await world.UntilAsync("t", status => status.Instances[0].CheckpointCursor == 1);
        Assert.Equal("precious\n", await File.ReadAllTextAsync(victim));
        world.Kill();
        Directory.Delete(world.Data, recursive: true);
    }
}
