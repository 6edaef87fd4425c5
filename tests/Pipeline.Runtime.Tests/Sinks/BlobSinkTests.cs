using Pipeline.Definitions;
using Pipeline.Processing.Blobs;
using Pipeline.Processing.Instances;
using Pipeline.Processing.Sinks;
using Pipeline.TestKit.Programs;
using Pipeline.TestKit.Sinks;
using Xunit;

namespace Pipeline.Runtime.Tests.Sinks;

/// <summary>Blobs of a real service, cut off by a proxy.</summary>
public sealed class BlobSinkTests : SinkContract, IDisposable
{
    private BlobPlace? _place;

    public void Dispose() => _place?.Dispose();

    [Fact]
    public async Task A_path_of_others_is_not_written_to_and_the_status_says_whose_it_is()
    {
        var place = (BlobPlace)await PlaceAsync();
        await place.PutAsync("out/numbers/0-00000000000000000000.ndjson", "{\"n\":7}\n");
        await using var host = await HostAsync();
        await host.StartAsync();
        await host.ApplyAsync(Definition(place));
        await host.AppendAsync(Stream, "a", ["""{"n":1}"""]);
        await host.UntilAsync(static status => status is { State: StageInstanceState.Failed, Error: not null }
            && status.Error.Contains("it holds files that nobody claims", StringComparison.Ordinal));
        Assert.Equal([7], await place.NumbersAsync());
    }

    [Fact]
    public async Task A_blob_of_others_under_the_next_name_stops_the_sink_until_it_is_taken_away()
    {
        var place = (BlobPlace)await PlaceAsync();
        await using var host = await HostAsync();
        await host.StartAsync();
        await host.ApplyAsync(Definition(place));
        await host.AppendAsync(Stream, "a", ["""{"n":0}"""]);
        await host.UntilAsync(static status => status.CheckpointCursor == 1);
        const string Foreign = "out/numbers/0-00000000000000000001.ndjson";
        await place.PutAsync(Foreign, "{\"n\":77}\n");
        await host.AppendAsync(Stream, "b", ["""{"n":1}""", """{"n":2}"""]);
        await host.UntilAsync(static status => status is { State: StageInstanceState.Failed, Error: not null }
            && status.Error.Contains("is not this sink's", StringComparison.Ordinal));
        await place.DeleteAsync(Foreign);
        await host.UntilAsync(static status => status.CheckpointCursor == 3);
        Assert.Equal([0, 1, 2], await place.NumbersAsync());
    }

    [Fact]
    public async Task A_sink_that_was_cut_goes_on_in_the_same_path()
    {
        var place = (BlobPlace)await PlaceAsync();
        await using var host = await HostAsync();
        await host.StartAsync();
        for (var change = 0; change < 3; change++)
        {
            // The second change comes before anything was written behind the first.
            await host.ApplyAsync(Definition(place).Replace("400B", $"{500 + change}B", StringComparison.Ordinal));
            await host.ApplyAsync(Definition(place));
            await host.AppendAsync(Stream, $"{change}", [$$"""{"n":{{change}}}"""]);
            var cursor = change + 1;
            await host.UntilAsync(status => status.CheckpointCursor == cursor);
        }

        // Another name, and another life of the pipeline: their epochs begin anew, and nothing came in between.
        await host.ApplyAsync(Definition(place).Replace("out: {", "renamed: {", StringComparison.Ordinal));
        await host.AppendAsync(Stream, "3", ["""{"n":3}"""]);
        await host.UntilAsync(static status => status.CheckpointCursor == 4);
        var pipelines = ((WorldSinkHost)host).World.Pipelines;
        await pipelines.DeleteAsync("t", false, null, TestContext.Current.CancellationToken);
        await host.ApplyAsync(Definition(place));
        await host.AppendAsync(Stream, "4", ["""{"n":4}"""]);
        await host.UntilAsync(static status => status.CheckpointCursor == 5);
        Assert.Equal([0, 1, 2, 3, 4], await place.NumbersAsync());
    }

    [Fact]
    public async Task A_container_that_holds_a_store_is_left_alone()
    {
        var place = (BlobPlace)await PlaceAsync();
        await place.PutAsync("identity", "x");
        await place.PutAsync("formatted", "x");
        await using var host = await HostAsync();
        await host.StartAsync();
        await host.ApplyAsync(Definition(place));
        await host.UntilAsync(static status => status is { State: StageInstanceState.Failed, Error: not null }
            && status.Error.Contains("a store lies in its container", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_wrong_key_fails_the_sink_and_is_not_shown()
    {
        var place = (BlobPlace)await PlaceAsync();
        await using var host = await WorldSinkHost.OpenAsync(_ => place.Container.Replace(
            "AccountKey=E", "AccountKey=F", StringComparison.Ordinal));
        await host.StartAsync();
        await host.ApplyAsync(Definition(place));
        await host.UntilAsync(static status => status is { State: StageInstanceState.Failed, Error: not null }
            && status.Error.StartsWith("target: AuthorizationFailure (403)", StringComparison.Ordinal));
    }

    protected override async Task<ISinkPlace> PlaceAsync() => _place = await BlobPlace.MakeAsync();

    protected override async Task<ISinkHost> HostAsync() => await WorldSinkHost.OpenAsync(_ => _place!.Container);
}

/// <summary>Which activations may publish behind a cut.</summary>
public sealed class BlobEndTests
{
    private const string Name = "0-00000000000000000005.ndjson";

    [Fact]
    public async Task Behind_a_cut_only_later_activations_publish()
    {
        var azurite = await Azurite.StartAsync();
        var sink = new BlobSinkDefinition
        {
            Container = $"{azurite.ConnectionString}Container=ends-{Guid.NewGuid():n}",
            Path = "out",
        };
        var (before, cutter) = (await OpenAsync(sink, new(4, 7)), await OpenAsync(sink, new(5, 8)));

        // Of a sink of another name, whose epochs begin anew.
        var after = await OpenAsync(sink, new(6, 1));
        Assert.True(await cutter.EndAsync("out", Name, default));
        Assert.Equal(SinkPublication.Foreign, await PublishAsync(before));
        Assert.Equal(0, await after.CountLinesAsync("out", Name, default));
        Assert.Equal(SinkPublication.Published, await PublishAsync(after));
        Assert.Equal(1, await after.CountLinesAsync("out", Name, default));
        Assert.Equal(SinkPublication.Known, await PublishAsync(before));
        Assert.False(await cutter.EndAsync("out", Name, default));
    }

    private static async Task<ISinkFiles> OpenAsync(BlobSinkDefinition sink, SinkActivation activation)
    {
        var files = new BlobFiles(sink);
        await files.CreateAsync("out", default);
        await files.OpenAsync("out", 0, activation, default);
        return files;
    }

    private static async Task<SinkPublication> PublishAsync(ISinkFiles files)
    {
        await files.AppendAsync("out", "hidden", 0, "5\n"u8.ToArray(), default);
        return await files.PublishAsync("out", "hidden", Name, default);
    }
}

/// <summary>Blobs as files by the contract of all sinks' files.</summary>
public sealed class BlobFilesTests : SinkFilesContract
{
    protected override async Task RunAsync(Func<ISinkFiles, string, Task> test)
    {
        var azurite = await Azurite.StartAsync();
        var files = new BlobFiles(new BlobSinkDefinition
        {
            Container = $"{azurite.ConnectionString}Container=files-{Guid.NewGuid():n}",
            Path = "own/out",
        });
        await test(files, "own/out");
        await ((ISinkFiles)files).LeaveAsync();
    }
}
