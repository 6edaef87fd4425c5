using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

public sealed class WindowProperties
{
    private const int Worlds = 100;

    private static readonly (int Size, int Hop)[] Shapes = [(10, 10), (10, 5), (6, 2), (1, 1), (30, 10), (12, 5)];

    [Fact]
    public void Results_are_those_of_the_model_wherever_the_state_is_saved_and_loaded()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var random = new Random(seed);
            var (size, hop) = Shapes[random.Next(Shapes.Length)];
            var lateness = random.Next(3) * 4;
            var model = new WindowModel(size, hop, lateness);
            var run = new Run(
                $"SELECT g, COUNT(*) AS n, SUM(x) AS s, COUNT(DISTINCT x) AS d FROM input GROUP BY g, "
                + $"HoppingWindow(second, {size}, {hop})",
                TimeSpan.FromSeconds(lateness));
            var now = 60;
            for (var step = 0; step < 120; step++)
            {
                now += random.Next(3);
                switch (random.Next(10))
                {
                    case 0:
                        run.Restart();
                        break;
                    case 1 or 2 or 3:
                        model.Watermark(now - 5);
                        run.Watermark(now - 5);
                        break;
                    default:
                        var (time, group, x) = (now - random.Next(20), $"g{random.Next(4)}", random.Next(5));
                        model.Event(time, group, x);
                        run.Event($"{{\"g\":\"{group}\",\"x\":{x}}}", time);
                        break;
                }
            }

            model.Watermark(10_000);
            run.Watermark(10_000);
            Assert.Equal(model.Results, WindowModel.Texts(run));
            Assert.Equal(model.Late, run.Output.Late.Count);
            Assert.Empty(run.Output.Rejected);
        }
    }

    [Fact]
    public void Saving_and_loading_gives_the_same_bytes_and_the_same_future()
    {
        for (var seed = 0; seed < Worlds; seed++)
        {
            var random = new Random(seed);
            var (size, hop) = Shapes[random.Next(Shapes.Length)];
            var query = "SELECT g, f, COUNT(*) AS n, AVG(x) AS a, MIN(s) AS lo, MAX(s) AS hi, STDEV(x) AS d, "
                + "SUM(x) AS t, COUNT(DISTINCT s) AS c, TopOne(s) OVER (ORDER BY x DESC, f) AS o, Collect(x) AS l, "
                + "CollectTop(3, x) OVER (ORDER BY x) AS k, PERCENTILE_CONT(0.3) OVER (ORDER BY x) AS p, "
                + "PERCENTILE_DISC(0.6) OVER (ORDER BY x DESC) AS q, System.Window().Id "
                + $"FROM input GROUP BY g, f, Windows(Window('a', Hopping(second, {size}, {hop})), "
                + "Window('b', Tumbling(second, 7)), Window('c', System.Timestamp()))";
            var run = new Run(query);
            Feed(run, random, 60);
            var state = run.Save();

            var other = new Run(query);
            other.Operator.Load(state);
            Assert.Equal(state, other.Save());

            Feed(run, new Random(seed + 1), 30);
            Feed(other, new Random(seed + 1), 30);
            Assert.Equal(run.Save(), other.Save());
            var before = run.Output.All.Count - other.Output.All.Count;
            Assert.Equal(run.Output.All.Skip(before), other.Output.All);
        }
    }

    [Fact]
    public void Equal_states_have_equal_bytes_in_whatever_order_they_came_about()
    {
        const string Query = "SELECT g, COUNT(*) AS n, MAX(s) AS m, COUNT(DISTINCT s) AS c, "
            + "PERCENTILE_DISC(0.5) OVER (ORDER BY x) AS p FROM input "
            + "GROUP BY g, Windows(Hopping(second, 4, 2), Tumbling(second, 3))";
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var events = Enumerable.Range(0, 40)
                .Select(_ => (Json(random), Time: 10.0 + random.Next(10))).ToList();
            var one = new Run(Query);
            var two = new Run(Query);
            events.ForEach(e => one.Event(e.Item1, e.Time));
            foreach (var (json, time) in events.OrderBy(_ => random.Next()))
            {
                two.Event(json, time);
            }

            Assert.Equal(one.Save(), two.Save());
        }
    }

    [Fact]
    public void What_is_no_state_is_refused()
    {
        var run = new Run("SELECT g, AVG(x) AS a, MIN(s) AS m, TopOne() OVER (ORDER BY x) AS t, Collect(x) AS c, "
            + "PERCENTILE_CONT(0.5) OVER (ORDER BY x) AS p FROM input GROUP BY g, TumblingWindow(second, 4)");
        Feed(run, new Random(1), 30);
        var state = run.Save();
        for (var length = 0; length < state.Length; length++)
        {
            var cut = state[..length];
            Assert.Throws<InvalidDataException>(() => run.Query.CreateOperator().Load(cut));
        }

        Assert.Throws<InvalidDataException>(() => run.Query.CreateOperator().Load([.. state, 0]));
        var other = Run.Compile("SELECT g, AVG(x) AS a, MAX(s) AS m FROM input GROUP BY g, TumblingWindow(second, 4)");
        Assert.Throws<InvalidDataException>(() => other.CreateOperator().Load(state));
    }

    private static void Feed(Run run, Random random, int count)
    {
        for (var i = 0; i < count; i++)
        {
            run.Event(Json(random), 60 + random.Next(30), $"k{random.Next(3)}");
            if (random.Next(8) == 0)
            {
                run.Watermark(60 + random.Next(30));
            }
        }
    }

    private static string Json(Random random)
    {
        string[] groups = ["\"a\"", "\"b\\u0000\"", "\"b\\u0000c\"", "1", "-1.5", "null", "true", "[1]", "{\"x\":0}"];
        var x = random.Next(2) == 0 ? $"{random.Next(-9, 9)}" : $"{random.Next(-9, 9)}.5";
        var group = groups[random.Next(groups.Length)];
        return $"{{\"g\":{group},\"f\":{random.Next(2)}.25,\"x\":{x},\"s\":\"{random.Next(5)}\"}}";
    }
}
