using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Analytics;

public sealed class AnalyticProperties
{
    private const string Query = "SELECT k, LAG(x, 3, -1) OVER (PARTITION BY k LIMIT DURATION(second, 20)) AS a, "
        + "LAG(x) OVER (LIMIT DURATION(second, 5) WHEN x > 2) AS b, "
        + "LAST(x) OVER (PARTITION BY k LIMIT DURATION(second, 10) WHEN x < 3) AS c, "
        + "ISFIRST(second, 10) AS d, ISFIRST(second, 7) OVER (PARTITION BY k WHEN x > 1) AS e, "
        + "SUM(x) OVER (PARTITION BY k LIMIT DURATION(second, 12)) AS f, "
        + "MIN(x) OVER (LIMIT DURATION(second, 6) WHEN x > 0) AS g FROM input WHERE x < 5";

    [Fact]
    public void Values_are_those_of_the_model_wherever_the_state_is_saved_and_loaded()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var lateness = random.Next(3) * 4;
            var (run, model) = (new Run(Query, TimeSpan.FromSeconds(lateness)), new AnalyticModel(lateness));
            var now = 60;
            for (var step = 0; step < 200; step++)
            {
                now += random.Next(3);
                switch (random.Next(8))
                {
                    case 0:
                        run.Restart();
                        break;
                    case 1:
                        model.Watermark = Math.Max(model.Watermark, now - 15);
                        run.Watermark(now - 15);
                        break;
                    default:
                        var time = now - (random.Next(3) == 0 ? random.Next(20) : 0);
                        var (k, x) = (random.Next(3), random.Next(6));
                        model.Event(time, k, x);
                        run.Event($"{{\"k\":{k},\"x\":{x}}}", time);
                        break;
                }
            }

            Assert.Equal(model.Results, run.Output.Values);
        }
    }

    [Fact]
    public void Results_do_not_depend_on_blocks_nor_on_restarts()
    {
        var results = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var query = Run.Compile(
                Query.Replace("WHERE", random.Next(2) == 0 ? "WHERE 4 / (x - 1) < 9 AND" : "WHERE"),
                TimeSpan.FromSeconds(random.Next(4)));
            var events = Enumerable.Range(0, 100)
                .Select(i => (
                    Run.Second(i + random.Next(9)), $"{{\"k\":{random.Next(3)},\"x\":{random.Next(6)}}}")).ToList();
            results += Splits.Check(query, events, random);
        }

        Assert.InRange(results, 1000, int.MaxValue);
    }

    [Fact]
    public void What_is_no_state_is_refused()
    {
        var run = new Run(Query);
        for (var i = 0; i < 20; i++)
        {
            run.Event($"{{\"k\":\"k{i % 3}\",\"x\":{i % 6}}}", 60 + i);
        }

        Splits.CheckState(run);
        Assert.Throws<InvalidDataException>(() => Run.Compile("SELECT x FROM input").CreateOperator().Load(run.Save()));
    }

    [Fact]
    public void Many_groups_come_and_go()
    {
        const string Text = "SELECT LAG(x) OVER (PARTITION BY k LIMIT DURATION(second, 20)) AS a FROM input";
        var (run, random) = (new Run(Text), new Random(1));
        var last = new Dictionary<int, (int Time, int X)>();
        var expected = new List<string>();
        for (var i = 0; i < 20_000; i++)
        {
            var (k, time) = (random.Next(3000), i / 30);
            var known = last.TryGetValue(k, out var seen) && seen.Time > time - 20;
            expected.Add($"{{\"a\":{(known ? $"{seen.X}" : "null")}}}");
            last[k] = (time, i);
            run.Event($"{{\"k\":{k},\"x\":{i}}}", time).Watermark(time);
            _ = random.Next(2000) == 0 ? run.Restart() : run;
        }

        Assert.Equal(expected, run.Output.Values);
    }
}
