using System.Globalization;
using Pipeline.Kernel.Stages;
using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Joins;

/// <summary>JOIN against a model, with random events, watermarks, lateness and restarts.</summary>
public sealed class JoinProperties
{
    private const int Worlds = 400;

    [Fact]
    public void Rows_are_those_of_the_model_wherever_the_state_is_saved_and_loaded()
    {
        var (results, unmatched) = (0, 0);
        for (var seed = 0; seed < Worlds; seed++)
        {
            var random = new Random(seed);
            var low = random.Next(-6, 5);
            var (high, lateness, isLeft) = (low + random.Next(8), random.Next(3) * 2, random.Next(2) == 0);
            var model = new JoinModel(low, high, lateness, isLeft);
            var run = new JoinRun(
                $"SELECT a.n AS l, b.n AS r FROM a {(isLeft ? "LEFT " : "")}JOIN b ON b.k = a.k "
                    + $"AND DATEDIFF(second, a, b) BETWEEN {low} AND {high}",
                TimeSpan.FromSeconds(lateness));
            Play(random, run, model);
            Assert.Equal(model.Results, Texts(run.Output));
            Assert.Empty(run.Output.Rejected);
            results += model.Results.Count;
            unmatched += model.Results.Count(static text => text.EndsWith('-'));
        }

        Assert.InRange(results, 10_000, int.MaxValue);
        Assert.InRange(unmatched, 1_000, int.MaxValue);
    }

    [Fact]
    public void Rows_do_not_come_later_than_their_time_allows_nor_before_the_watermark()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var run = new JoinRun(
                "SELECT a.n AS l, b.n AS r FROM a LEFT JOIN b ON a.k = b.k AND DATEDIFF(second, a, b) BETWEEN 0 AND 5");
            var watermark = 0;
            for (var i = 0; i < 100; i++)
            {
                var before = run.Output.Times.Count;
                run.Event(random.Next(2), $"{{\"k\":{random.Next(3)},\"n\":{i}}}", watermark + random.Next(9));
                watermark += random.Next(3);
                run.Watermark(watermark);
                Assert.All(run.Output.Times.Skip(before), time => Assert.InRange(
                    time, Run.Second(watermark - 2), long.MaxValue));
            }
        }
    }

    /// <summary>What can meet nothing any more is given up, and a saved state without it is the same.</summary>
    [Fact]
    public void State_does_not_grow_with_time()
    {
        var run = new JoinRun(
            "SELECT a.n AS l, b.n AS r FROM a LEFT JOIN b ON a.k = b.k AND DATEDIFF(second, a, b) BETWEEN -5 AND 5");
        var most = 0L;
        for (var i = 0; i < 20_000; i++)
        {
            run.Event(i & 1, $"{{\"k\":\"key-{i / 4}\",\"n\":{i}}}", i / 10.0);
            if (i % 10 == 9)
            {
                run.Watermark(i / 10.0);
            }

            most = i < 2_000 ? Math.Max(most, run.StateBytes) : most;
        }

        Assert.InRange(run.StateBytes, 0, most * 2);
        Assert.InRange(run.Save().Length, 0, 20_000);
        Assert.Equal(22, run.Watermark(10_000).Save().Length);
    }

    [Fact]
    public void State_beyond_its_limit_stops_the_operator()
    {
        var run = new JoinRun(
            "SELECT a.n AS l, b.n AS r FROM a JOIN b ON a.k = b.k AND DATEDIFF(day, a, b) BETWEEN -1 AND 1");
        run.Limit(4 << 20);
        var text = new string('v', 1000);
        Assert.Throws<StateLimitException>(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                run.Event(i & 1, $"{{\"k\":{i},\"v\":\"{text}\"}}", 1);
            }
        });
        Assert.InRange(run.StateBytes, 4 << 20, 9 << 20);
    }

    [Fact]
    public void No_cut_of_a_state_is_taken_for_one()
    {
        var run = new JoinRun(
            "SELECT a.n AS l, b.n AS r FROM a LEFT JOIN b ON a.k = b.k AND DATEDIFF(second, a, b) BETWEEN 0 AND 9");
        for (var i = 0; i < 12; i++)
        {
            run.Event(i % 3 == 0 ? 1 : 0, $"{{\"k\":{i % 4},\"n\":{i}}}", 60 + i).Watermark(55 + i);
        }

        var state = run.Save();
        for (var length = 0; length < state.Length; length++)
        {
            var cut = state[..length];
            Assert.Throws<InvalidDataException>(() => run.Query.CreateOperator().Load(cut));
        }

        Assert.Throws<InvalidDataException>(() => run.Query.CreateOperator().Load([.. state, 0]));
    }

    private static void Play(Random random, JoinRun run, JoinModel model)
    {
        var now = 0.0;
        for (var i = 0; i < 120; i++)
        {
            var (side, key) = (random.Next(2), random.Next(12) == 0 ? (int?)null : random.Next(4));
            var time = Math.Max(0, now + random.Next(-3, 7) + (random.Next(4) / 4.0));
            var shown = key is null ? "null" : key.Value.ToString(CultureInfo.InvariantCulture)
                + (random.Next(3) == 0 ? ".0" : "");
            run.Event(side, $"{{\"k\":{shown},\"n\":{i}}}", time);
            model.Event(side, key, time, i);
            now += random.Next(3) / 2.0;
            if (random.Next(3) == 0)
            {
                var watermark = now - random.Next(3);
                run.Watermark(watermark);
                model.Watermark(watermark);
            }

            if (random.Next(8) == 0)
            {
                run.Restart();
            }
        }

        run.Watermark(now + 100);
        model.Watermark(now + 100);
    }

    private static IEnumerable<string> Texts(Collected output) => output.Values.Select(static value =>
    {
        var row = System.Text.Json.Nodes.JsonNode.Parse(value)!;
        return $"{row["l"]}-{row["r"]}";
    });
}
