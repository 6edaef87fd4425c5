using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Checkers;

/// <summary>
/// The acknowledged events of a key stand in the order they were sent: each client sends the next request only after
/// it knows about the one before.
/// </summary>
public sealed class KeysKeepTheirOrder : IChecker
{
    public IEnumerable<string> Check(World world)
    {
        var last = new Dictionary<string, (SentEvent Event, int Partition, long Offset)>();
        foreach (var request in world.History.Requests.Where(static r => r.Knowledge == Knowledge.Acknowledged))
        {
            for (var i = 0; i < request.Events.Count; i++)
            {
                var (sent, place) = (request.Events[i], request.Places[i]);
                if (last.TryGetValue(sent.Key, out var before)
                    && (before.Partition != place.Partition || before.Offset >= place.Offset))
                {
                    yield return $"{sent.Value} at {place} does not come after {before}";
                }

                last[sent.Key] = (sent, place.Partition, place.Offset);
            }
        }
    }
}
