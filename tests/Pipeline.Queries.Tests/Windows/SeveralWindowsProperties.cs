using Pipeline.Queries.Tests.Running;

namespace Pipeline.Queries.Tests.Windows;

public sealed class SeveralWindowsProperties
{
    private static readonly string[] Shapes =
        ["Tumbling(second, 4)", "Hopping(second, 6, 2)", "System.Timestamp()", "Hopping(second, 5.5, 2.5)"];

    [Fact]
    public void Several_windows_give_what_each_gives_alone_wherever_the_state_is_saved_and_loaded()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var shapes = Shapes.OrderBy(_ => random.Next()).Take(random.Next(1, 4)).ToList();
            var lateness = TimeSpan.FromSeconds(random.Next(3));
            var together = new Run(
                Query($"Windows({string.Join(", ", shapes.Select((s, i) => $"Window('{i}', {s})"))})"), lateness);
            var alone = shapes.Select((s, i) => new Run(Query($"Windows(Window('{i}', {s}))"), lateness)).ToList();
            for (var step = 0; step < 80; step++)
            {
                if (random.Next(8) == 0)
                {
                    together.Restart();
                }

                var time = (step / 2.0) + random.Next(-8, 8);
                var json = $"{{\"g\":{random.Next(3)},\"x\":{random.Next(9)},\"y\":{random.Next(4)}}}";
                var isWatermark = random.Next(4) == 0;
                foreach (var run in alone.Append(together))
                {
                    _ = isWatermark ? run.Watermark(time) : run.Event(json, time);
                }
            }

            foreach (var run in alone.Append(together))
            {
                run.Watermark(1000);
            }

            Assert.Equal(Ordered(alone), Ordered([together]));
            Assert.Equal(alone.SelectMany(run => run.Output.Late).Distinct().Order(),
                together.Output.Late.Distinct().Order());
            Assert.Empty(together.Output.Reasons);
        }
    }

    [Fact]
    public void No_event_of_a_group_that_is_known_takes_memory()
    {
        var select = new Run("SELECT k, v + 1 AS w, t * 2 AS u, ~v AS n, LEFT(s, 2) AS l FROM input WHERE t > 1 AND "
            + "REGEXMATCH(s, '^[a-z]+') > 0");
        var window = new Run("SELECT k, COUNT(*) AS n, SUM(t) AS s, MIN(t) AS m, AVG(v) AS a, TopOne(s) OVER (ORDER BY "
            + "v DESC) AS o, COUNT(input) AS c FROM input GROUP BY k, Windows(Tumbling(hour, 1), Hopping(hour, 2, 1))");
        var output = new Silent();
        var json = """{"k":"a","v":5,"t":"10","s":"abc"}"""u8.ToArray();
        void Feed(int times)
        {
            var record = new Kernel.Stages.StageRecord { Time = Run.Second(1), Key = "k"u8, Value = json };
            for (var i = 0; i < times; i++)
            {
                select.Operator.Process(record, output);
                window.Operator.Process(record, output);
            }
        }

        long Taken(int times)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Feed(times);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // What is made once, whatever the number of events, is not what is looked for.
        Feed(1000);
        var few = Enumerable.Range(0, 5).Min(_ => Taken(10));
        Assert.Equal(few, Enumerable.Range(0, 5).Min(_ => Taken(1000)));
        Assert.Equal(6050, output.Count);
    }

    private static string Query(string windows) => "SELECT System.Window().Id, g, COUNT(*) AS n, SUM(x) AS s, "
        + "TopOne(y) OVER (ORDER BY x) AS t, Collect(y) AS c, PERCENTILE_DISC(0.5) OVER (ORDER BY y) AS p, "
        + $"System.Timestamp() AS w FROM input GROUP BY g, {windows}";

    private static IEnumerable<string> Ordered(IEnumerable<Run> runs) =>
        runs.SelectMany(run => run.Output.Values).Order(StringComparer.Ordinal);

    private sealed class Silent : Kernel.Stages.IOperatorOutput
    {
        public int Count { get; private set; }

        public void Emit(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long time) => Count++;

        public void EmitLate(in Kernel.Stages.StageRecord record)
        {
        }

        public void Reject(in Kernel.Stages.StageRecord record, string reason) => Assert.Fail(reason);
    }
}
