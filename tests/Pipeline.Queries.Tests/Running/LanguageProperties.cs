using System.Text.Json;

namespace Pipeline.Queries.Tests.Running;

public sealed class LanguageProperties
{
    private const int MostBytes = 1 << 20;

    [Fact]
    public void Any_query_over_any_events_throws_nothing_and_stays_within_the_limits()
    {
        var (compiled, results, refusals) = (0, 0, 0);
        for (var seed = 0; seed < 3000; seed++)
        {
            var draw = new Random(seed);
            var random = new RandomQuery(draw);
            string[] columns = ["p", "q", "a"];
            var text = draw.Next(3) == 0 ? random.Window() : random.Select("input", columns[..draw.Next(1, 4)]);
            if (QueryCompiler.Compile(text, Run.Options()).Query is null)
            {
                continue;
            }

            var run = new Run(text, TimeSpan.FromSeconds(draw.Next(3)));
            for (var i = 0; i < 20; i++)
            {
                run.Event(random.Event(), draw.Next(40));
                _ = draw.Next(6) == 0 ? run.Watermark(draw.Next(40)) : run;
            }

            run.Watermark(1000);
            Assert.All(run.Output.Values, Check);
            Assert.All(run.Output.Rejected, Check);
            Assert.All(run.Output.Reasons, reason => Assert.InRange(reason.Length, 1, 500));
            compiled++;
            results += run.Output.Values.Count;
            refusals += run.Output.Rejected.Count;
        }

        Assert.InRange(compiled, 500, 3000);
        Assert.InRange(results, 1000, int.MaxValue);
        Assert.InRange(refusals, 1000, int.MaxValue);
    }

    [Fact]
    public void Two_queries_in_one_instance_give_what_they_give_apart_and_as_steps_of_one()
    {
        var results = 0;
        for (var seed = 0; seed < 1000; seed++)
        {
            var draw = new Random(seed);
            var random = new RandomQuery(draw);
            var first = random.Select("input", ["a", "b", "c"], draw.Next(3));
            var second = random.Select("input", ["a", "q"], draw.Next(3));
            var chain = $"WITH s AS ({first}) {second.Replace("FROM input", "FROM s", StringComparison.Ordinal)}";
            if (new[] { first, second, chain }.Any(text => QueryCompiler.Compile(text, Run.Options()).Query is null))
            {
                continue;
            }

            var (one, two, both) = (new Run(first), new Run(second), new Run(chain));
            var fused = new Machine(draw.Next(2) == 0 ? 1000 : long.MaxValue, Run.Compile(first), Run.Compile(second));
            var events = Enumerable.Range(0, 20).Select(i => (Run.Second(i), random.Event())).ToList();
            fused.Feed(events, null, 0);
            for (var i = 0; i < events.Count; i++)
            {
                one.Event(events[i].Item2, i);
                both.Event(events[i].Item2, i);
            }

            foreach (var (value, time) in one.Output.Values.Zip(one.Output.Times))
            {
                two.Event(value, (double)(time - Run.Second(0)) / TimeSpan.TicksPerSecond);
            }

            Assert.Equal(two.Output.Values, both.Output.Values);
            Assert.Equal(two.Output.Values, fused.Values(0));
            Assert.Equal(one.Output.Reasons.Count + two.Output.Reasons.Count, both.Output.Reasons.Count);
            Assert.Equal(both.Output.Reasons.Count, fused.Values(1).Count());
            results += two.Output.Values.Count;
        }

        Assert.InRange(results, 100, int.MaxValue);
    }

    [Fact]
    public void Results_do_not_depend_on_blocks_nor_on_restarts_between_any_of_them()
    {
        var results = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var draw = new Random(seed);
            var random = new RandomQuery(draw);
            var text = random.Window();
            var compiled = QueryCompiler.Compile(text, Run.Options(TimeSpan.FromSeconds(draw.Next(3)), "a"));
            if (compiled.Query is not { } query)
            {
                continue;
            }

            var events = Enumerable.Range(0, 60).Select(i => (Run.Second(i + draw.Next(20)), random.Event())).ToList();
            var whole = new Machine(long.MaxValue, query);
            whole.Feed(events, Run.Second(1000), 0);
            var split = new Machine(draw.Next(3000), query);
            for (var at = 0; at < events.Count;)
            {
                var count = Math.Min(draw.Next(1, 12), events.Count - at);
                split.Feed(events[at..(at + count)], null, at);
                at += count;
                if (draw.Next(2) == 0)
                {
                    split.Restart();
                }
            }

            split.Feed([], Run.Second(1000), events.Count);
            Assert.Equal(whole.Outputs, split.Outputs);
            results += whole.Values(0).Count();
        }

        Assert.InRange(results, 500, int.MaxValue);
    }

    private static void Check(string json)
    {
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(json), 1, MostBytes);
        JsonDocument.Parse(json).Dispose();
    }
}
