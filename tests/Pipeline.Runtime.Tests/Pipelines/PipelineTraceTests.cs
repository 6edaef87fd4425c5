using System.Diagnostics;
using Pipeline.Ingestion;
using Pipeline.Kernel.Identity;
using Pipeline.Runtime.Catalog;
using Pipeline.TestKit.Machines;
using Pipeline.TestKit.Replicas;
using Pipeline.TestKit.Telemetry;
using Xunit;

namespace Pipeline.Runtime.Tests.Pipelines;

public sealed class PipelineTraceTests
{
    private const string TwoStages = """
        name: t
        streams: { raw: { partitions: 2, key: k } }
        stages:
          one: { key: p, partitions: 2, query: SELECT * FROM raw }
          two: { query: SELECT * FROM one WHERE v > 0, materialize: true }
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_trace_goes_on_through_the_log_and_a_stage_killed_and_begun_again_repeats_itself_exactly()
    {
        using var listener = new SpanListener();
        await using var stores = await ThreeStores.FormatAsync();
        for (var run = 0; run < 3; run++)
        {
            await using var world = await PipelineWorld.StartAsync(stores, run + 1);
            await world.ApplyAsync(TwoStages);
            await world.OwnsAsync("raw");
            await IngestAsync(world, listener, run);
            Assert.Equal(run + 1, (await world.ReadAsync("t.two", run + 1)).Distinct().Count());
        }

        await Eventually.GetAsync(
            () => Task.FromResult(string.Join(' ', listener.Ended.Select(Step).Distinct().Order())),
            static steps => steps == "append raw append t.one append t.two process raw process t.one",
            Limit,
            "all steps");
        var byId = listener.Ended.ToDictionary(static span => span.SpanId);
        foreach (var end in listener.Ended.Where(static span => Step(span) == "append t.two"))
        {
            var way = new List<string>();
            for (var at = end; at is not null; at = byId.GetValueOrDefault(at.ParentSpanId))
            {
                way.Insert(0, Step(at));
            }

            Assert.Equal(["append raw", "process raw", "append t.one", "process t.one", "append t.two"], way);
        }
    }

    private static string Step(Activity span) => span.DisplayName;

    private static async Task IngestAsync(PipelineWorld world, SpanListener listener, int value)
    {
        Assert.True(world.Keeper.TryGet(new StreamName("raw"), out var stream));
        using var request = listener.Begin();
        var outcome = await new Ingestor(new Random(1)).IngestAsync(new IngestRequest
        {
            Target = StreamTargets.Of(stream),
            Format = BodyFormat.Json,
            Body = System.Text.Encoding.UTF8.GetBytes($$"""{"k":"x","p":"y","v":{{value + 1}}}"""),
        });
        Assert.Equal(1, outcome.Accepted);
    }
}
