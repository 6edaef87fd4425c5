using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Checkers;

/// <summary>No acknowledged event is lost: each stands where the answer said, as it was sent.</summary>
public sealed class AcknowledgedEventsAreThere : IChecker
{
    public IEnumerable<string> Check(World world)
    {
        foreach (var request in world.History.Requests.Where(static r => r.Knowledge == Knowledge.Acknowledged))
        {
            for (var i = 0; i < request.Events.Count; i++)
            {
                var (sent, place) = (request.Events[i], request.Places[i]);
                var log = world.FinalLogs[place.Partition];
                if (place.Offset >= log.Count || log[(int)place.Offset].Value != sent.Value)
                {
                    yield return $"acknowledged {sent.Value} is not at {place.Partition}/{place.Offset}";
                }
            }
        }
    }
}
