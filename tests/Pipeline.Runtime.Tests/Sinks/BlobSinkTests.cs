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
