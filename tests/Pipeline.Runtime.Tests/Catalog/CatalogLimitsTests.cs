using Pipeline.Runtime.Catalog;
using Pipeline.Runtime.Tests.Pipelines;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Catalog;

public sealed class CatalogLimitsTests
{
    [Fact]
    public async Task Partitions_are_limited_in_sum_and_what_is_there_may_be_changed()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(
            stores, change: s => s with { Limits = new CatalogLimits { Partitions = 6 } });
        await world.ApplyAsync("name: a\nstreams: { x: { partitions: 4 } }");
        Assert.Equal(
            ["Conflict 1:1: Pipeline 'b': with it all streams together have 7 partitions, of which 3 are new; at most "
                + "6 are possible. Give its streams and stages fewer, or delete streams. The setting "
                + "Pipeline:Definitions:Partitions raises the limit."],
            await world.RefusedAsync("name: b\nstreams: { y: { partitions: 3 } }"));
        await world.ApplyAsync("name: b\nstreams: { y: { partitions: 2 } }");
        await world.ApplyAsync("name: a\nstreams: { x: { partitions: 4, key: k } }");
        Assert.Single(await world.RefusedAsync("name: a\nstreams: { x: { partitions: 4 }, z: { partitions: 1 } }"));
        await world.Pipelines.DeleteAsync("b", deleteStreams: true, null, default);
        await world.ApplyAsync("name: a\nstreams: { x: { partitions: 4 }, z: { partitions: 1 } }");
    }

    [Fact]
    public async Task Outputs_of_stages_count_as_well()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(
            stores, change: s => s with { Limits = new CatalogLimits { Partitions = 6 } });
        Assert.Contains("have 7 partitions", Assert.Single(await world.RefusedAsync(
            "name: a\nstreams: { x: { partitions: 3 } }\nstages: { s: { query: SELECT * FROM x } }")));
    }

    [Fact]
    public async Task Texts_are_limited_in_sum_and_may_always_become_shorter()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(
            stores, change: s => s with { Limits = new CatalogLimits { Bytes = 1000 } });
        await world.ApplyAsync("name: a\n#" + new string('x', 700));
        Assert.Contains(
            "at most 1000 are possible. The setting Pipeline:Definitions:Size raises the limit.",
            Assert.Single(await world.RefusedAsync("name: b\n#" + new string('x', 400))));
        await world.ApplyAsync("name: a\n#" + new string('x', 500));
        await world.ApplyAsync("name: b\n#" + new string('x', 400));
    }

    [Fact]
    public async Task Pipelines_are_counted()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(
            stores, change: s => s with { Limits = new CatalogLimits { Pipelines = 2 } });
        await world.ApplyAsync("name: a");
        await world.ApplyAsync("name: b");
        Assert.StartsWith(
            "Conflict 1:1: Pipeline 'c': there are 2 pipelines; at most 2 are possible.",
            Assert.Single(await world.RefusedAsync("name: c")));
        await world.ApplyAsync("name: b\nstreams: { x: { partitions: 1 } }");
    }

    [Fact]
    public void Settings_are_read_and_what_is_wrong_is_named()
    {
        var settings = new Dictionary<string, string>
        {
            ["Pipeline:Definitions:Partitions"] = "77",
            ["Pipeline:Definitions:Size"] = "2MiB",
            ["Pipeline:Definitions:Pipelines"] = "none",
        };
        var errors = new List<string>();
        var limits = CatalogLimits.Read(settings.GetValueOrDefault, errors);
        Assert.Equal((77, 2L << 20, 1_000), (limits.Partitions, limits.Bytes, limits.Pipelines));
        Assert.Equal(["Pipeline:Definitions:Pipelines must be a whole number from 1, not 'none'."], errors);
    }
}
