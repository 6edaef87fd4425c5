using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Checkers;

/// <summary>
/// Nothing is there that nobody sent; with a handle nothing is there twice, without one no more often than it was
/// sent; all of a request's part for a partition is there or nothing; what was refused is not there.
/// </summary>
public sealed class NothingTwice : IChecker
{
    public IEnumerable<string> Check(World world)
    {
        var found = new Dictionary<string, int>();
        foreach (var read in world.FinalLogs.SelectMany(static log => log))
        {
            found[read.Value] = found.GetValueOrDefault(read.Value) + 1;
        }

        foreach (var request in world.History.Requests)
        {
            var most = request.HasHandle ? Math.Min(1, request.Attempts) : request.Attempts;
            var counts = new HashSet<int>();
            foreach (var sent in request.Events)
            {
                found.Remove(sent.Value, out var times);
                counts.Add(times);
                if (times > most)
                {
                    yield return $"{sent.Value} is there {times} times ({most} allowed, {request.Knowledge})";
                }
            }

            if (counts.Count > 1 && request.Knowledge == Knowledge.Acknowledged)
            {
                yield return $"the request of {request.Events[0].Value} is there in part";
            }
        }

        foreach (var (value, times) in found)
        {
            yield return $"{value} is there {times} times and nobody sent it";
        }
    }
}
