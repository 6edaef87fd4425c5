using Pipeline.Queries.Compilation;

namespace Pipeline.Queries.Tests.Running;

/// <summary>The same events as one block, and cut into random blocks with restarts between them.</summary>
internal static class Splits
{
    /// <summary>Outputs and origins must be the same; gives how many results there were.</summary>
    public static int Check(CompiledQuery query, IReadOnlyList<(long Time, string Json)> events, Random draw)
    {
        var whole = new Machine(long.MaxValue, query);
        whole.Feed(events, Run.Second(100_000), 0);
        var split = new Machine(draw.Next(3000), query);
        for (var at = 0; at < events.Count;)
        {
            var count = Math.Min(draw.Next(1, 12), events.Count - at);
            split.Feed([.. events.Skip(at).Take(count)], null, at);
            at += count;
            if (draw.Next(2) == 0)
            {
                split.Restart();
            }
        }

        split.Feed([], Run.Second(100_000), events.Count);
        Assert.Equal(whole.Outputs, split.Outputs);
        return whole.Values(0).Count();
    }

    /// <summary>No cut of a saved state, nor one with a byte more, is taken for a state.</summary>
    public static void CheckState(Run run)
    {
        var state = run.Save();
        var other = run.Query.CreateOperator();
        other.Load(state);
        for (var length = 0; length < state.Length; length++)
        {
            var cut = state[..length];
            Assert.Throws<InvalidDataException>(() => run.Query.CreateOperator().Load(cut));
        }

        Assert.Throws<InvalidDataException>(() => run.Query.CreateOperator().Load([.. state, 0]));
        Assert.Equal(state, run.Restart().Save());
    }
}
