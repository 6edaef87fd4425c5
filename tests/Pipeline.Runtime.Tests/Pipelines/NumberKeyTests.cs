using System.Text;
using Pipeline.Ingestion;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Runtime.Catalog;
using Pipeline.TestKit.Replicas;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

public sealed class NumberKeyTests
{
    [Theory]
    [InlineData("key: k", "k", "1 1.0 1e0 10e-1", "1")]
    [InlineData("key: k", "k", "0 -0 0.0 -0.0", "0")]
    [InlineData("key: k", "k", "1.5 1.50 15e-1 0.15e1", "1.5")]
    [InlineData("time: t", "k", "1 1.0 1e0 10e-1", "1")]
    [InlineData("key: id", "k, id", "0 -0 0.0 -0.0", "0")]
    [InlineData("key: id", "k", "1 1.0 1e0 10e-1", "1")]
    public async Task Numbers_of_one_value_are_one_group_however_they_reach_the_stage(
        string stream, string groups, string values, string expected)
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync($$"""
            name: num
            streams: { nums: { partitions: 8, {{stream}} } }
            stages:
              o:
                materialize: true
                query: |
                  SELECT k, COUNT(*) AS n FROM nums TIMESTAMP BY t
                  GROUP BY {{groups}}, TumblingWindow(minute, 1)
            """);
        await PostAsync(world, "nums", string.Join('\n', values.Split(' ').Select(k =>
            $"{{\"k\":{k},\"id\":\"a\",\"t\":\"2026-01-02T03:04:05Z\"}}")));
        await world.WatermarkAsync("nums", new DateTime(2026, 1, 2, 4, 0, 0, DateTimeKind.Utc).Ticks);
        var result = Assert.Single(await world.ReadAsync("num.o", 1));
        Assert.EndsWith($"{{\"k\":{expected},\"n\":4}}", result);
    }

    [Fact]
    public async Task A_stage_s_key_places_its_outputs_by_value_too()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync("""
            name: num
            streams: { nums: { partitions: 1 } }
            stages: { o: { key: k, partitions: 8, query: SELECT k FROM nums } }
            """);
        await PostAsync(world, "nums", "{\"k\":1}\n{\"k\":1.0}\n{\"k\":10e-1}\n{\"k\":\"1.0\"}\n{\"k\":2}");
        var outputs = await world.ReadAsync("num.o", 5);
        var place = $"{KeySlot.Of("1"u8).Partition(8)} ";
        Assert.Equal(4, outputs.Count(o => o.StartsWith(place, StringComparison.Ordinal)));
        Assert.Contains(outputs, o => o.EndsWith(" 10e-1 {\"k\":10e-1}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_two_members_of_one_name_ingestion_and_the_query_take_the_same()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync("""
            name: twice
            streams: { raw: { partitions: 8, key: k } }
            stages:
              o:
                materialize: true
                query: |
                  SELECT k, COUNT(*) AS n FROM raw TIMESTAMP BY t
                  GROUP BY k, TumblingWindow(minute, 1)
            """);
        await PostAsync(world, "raw", string.Join('\n', "abcd".Select(last =>
            $"{{\"k\":\"x\",\"k\":\"{last}\",\"t\":\"2026-01-02T03:04:05Z\"}}")));
        await world.WatermarkAsync("raw", new DateTime(2026, 1, 2, 4, 0, 0, DateTimeKind.Utc).Ticks);
        Assert.EndsWith("x {\"k\":\"x\",\"n\":4}", Assert.Single(await world.ReadAsync("twice.o", 1)));
    }

    [Fact]
    public async Task A_result_beyond_maxEvent_is_a_dead_letter_and_the_stage_goes_on()
    {
        await using var stores = await ThreeStores.FormatAsync();
        await using var world = await PipelineWorld.StartAsync(stores);
        await world.ApplyAsync("""
            name: wide
            streams: { one: { partitions: 1, key: k }, large: { partitions: 1, maxEvent: 2MiB } }
            stages:
              x: { query: "SELECT k, v AS a, v AS b FROM one" }
              y: { query: "SELECT v FROM large" }
            """);
        var large = $"{{\"k\":\"1\",\"v\":\"{new string('v', 900_000)}\"}}";
        await PostAsync(world, "one", large + "\n{\"k\":\"2\",\"v\":\"\"}");
        await PostAsync(world, "large", $"{{\"v\":\"{new string('v', 1_500_000)}\"}}");
        Assert.EndsWith("2 {\"k\":\"2\",\"a\":\"\",\"b\":\"\"}", Assert.Single(await world.ReadAsync("wide.x", 1)));
        Assert.Equal(1_500_000, Assert.Single(await world.ReadAsync("wide.y", 1)).Count(c => c == 'v') - 1);
        var letter = Assert.Single(await world.ReadAsync("wide.dead-letters", 1));
        Assert.Contains("\"reason\":\"the result is larger than 1048576 bytes (maxEvent)\"", letter);
        await world.UntilAsync("wide", s => s.Instances.All(i => i.State == StageInstanceState.Running));
    }

    private static async Task PostAsync(PipelineWorld world, string stream, string body)
    {
        await world.OwnsAsync(stream);
        Assert.True(world.Keeper.TryGet(new StreamName(stream), out var target));
        var outcome = await new Ingestor(new Random(1)).IngestAsync(new IngestRequest
        {
            Target = StreamTargets.Of(target),
            Format = BodyFormat.Ndjson,
            Body = Encoding.UTF8.GetBytes(body),
        });
        Assert.True(outcome.Problem is null, outcome.Detail);
    }
}
