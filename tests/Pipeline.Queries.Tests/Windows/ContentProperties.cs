using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

/// <summary>
/// Sliding and session windows against models, with random events, watermarks, lateness and restarts.
/// </summary>
public sealed class ContentProperties
{
    private const int Worlds = 150;

    private static readonly int[] Longest = [0, 10, 20, 30, 4];

    [Fact]
    public void Sessions_are_those_of_the_model_wherever_the_state_is_saved_and_loaded()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var random = new Random(seed);
            var (timeout, longest, lateness) = (random.Next(1, 8), Longest[random.Next(5)], random.Next(3) * 4);
            var model = new SessionModel(timeout, longest, lateness);
            var run = new Run(
                $"SELECT g, COUNT(*) AS n, SUM(x) AS s FROM input GROUP BY g, SessionWindow(second, {timeout}"
                    + $"{(longest > 0 ? $", {longest}" : "")}) OVER (PARTITION BY k)",
                TimeSpan.FromSeconds(lateness));
            Play(random, run, model.Watermark, (time, k, group, x) => model.Event(time, k, group, x));
            Assert.Equal(model.Results, WindowModel.Texts(run));
            Assert.Equal(model.Late, run.Output.Late.Count);
            Assert.Empty(run.Output.Rejected);
        }
    }

    [Fact]
    public void Sliding_windows_are_those_of_the_model_wherever_the_state_is_saved_and_loaded()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var random = new Random(seed);
            var (size, lateness) = (random.Next(1, 12), random.Next(3) * 4);
            var model = new SlidingModel(size, lateness);
            var run = new Run(
                $"SELECT g, COUNT(*) AS n, SUM(x) AS s FROM input GROUP BY g, Sliding(second, {size})",
                TimeSpan.FromSeconds(lateness));
            Play(random, run, model.Watermark, (time, _, group, x) => model.Event(time, group, x));
            Assert.Equal(model.Results, WindowModel.Texts(run));
            Assert.Equal(model.Late, run.Output.Late.Count);
            Assert.Empty(run.Output.Rejected);
        }
    }

    [Theory]
    [InlineData("Sliding(second, 3)")]
    [InlineData("Session(second, 2, 7) OVER (PARTITION BY k)")]
    [InlineData("Session(second, 1)")]
    public void Results_do_not_depend_on_blocks_nor_on_restarts(string window)
    {
        var results = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var query = Run.Compile(Query(window), TimeSpan.FromSeconds(random.Next(4)));
            var events = Enumerable.Range(0, 100)
                .Select(i => (Run.Second((i * 0.7) + random.Next(6)), Json(random))).ToList();
            results += Splits.Check(query, events, random);
        }

        Assert.InRange(results, 500, int.MaxValue);
    }

    [Theory]
    [InlineData("Sliding(second, 30)")]
    [InlineData("Session(second, 9, 20) OVER (PARTITION BY k, x)")]
    public void What_is_no_state_is_refused(string window)
    {
        var (run, random) = (new Run(Query(window)), new Random(1));
        for (var i = 0; i < 12; i++)
        {
            run.Event(Json(random), 60 + i, $"key{i % 2}").Watermark(50 + i);
        }

        Splits.CheckState(run);
        var tumbling = Run.Compile(Query("Tumbling(second, 30)")).CreateOperator();
        Assert.Throws<InvalidDataException>(() => tumbling.Load(run.Save()));
    }

    private static string Query(string window) => "SELECT g, COUNT(*) AS n, AVG(x) AS a, MIN(x) AS lo, MAX(x) AS hi, "
        + "COUNT(DISTINCT s) AS c, Collect(s) AS l, STDEV(x) AS d, TopOne(s) OVER (ORDER BY x DESC) AS o, "
        + $"PERCENTILE_DISC(0.6) OVER (ORDER BY x) AS q, SUM(x) AS t FROM input "
        + $"GROUP BY g, {window} HAVING COUNT(*) < 9";

    private static string Json(Random random)
    {
        string[] groups = ["\"a\"", "\"b\\u0000\"", "1", "null", "[1]"];
        var x = random.Next(20) == 0 ? "null" : $"{random.Next(-9, 9)}.{random.Next(2) * 5}";
        return $"{{\"g\":{groups[random.Next(5)]},\"k\":{random.Next(3)},\"x\":{x},\"s\":\"{random.Next(5)}\"}}";
    }

    private static void Play(Random random, Run run, Action<int> watermark, Action<int, int, string, int> take)
    {
        var now = 60;
        for (var step = 0; step < 150; step++)
        {
            now += random.Next(random.Next(4) == 0 ? 12 : 3);
            switch (random.Next(10))
            {
                case 0:
                    run.Restart();
                    break;
                case 1 or 2 or 3:
                    watermark(now - 5);
                    run.Watermark(now - 5);
                    break;
                default:
                    var (time, k, x) = (now - random.Next(14), random.Next(3), random.Next(5));
                    var group = $"g{random.Next(3)}";
                    take(time, k, group, x);
                    run.Event($"{{\"g\":\"{group}\",\"k\":{k},\"x\":{x}}}", time);
                    break;
            }
        }

        watermark(10_000);
        run.Watermark(10_000);
    }
}
