using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Checkers;

/// <summary>Offsets rise by one, acceptance times never fall, and what a reader once saw is still so.</summary>
public sealed class OffsetsAreDense : IChecker
{
    public IEnumerable<string> Check(World world)
    {
        for (var partition = 0; partition < world.FinalLogs.Count; partition++)
        {
            var log = world.FinalLogs[partition];
            for (var i = 0; i < log.Count; i++)
            {
                if (log[i].Offset != i)
                {
                    yield return $"{partition}/{i} has offset {log[i].Offset}";
                }

                if (i > 0 && log[i].AcceptedTime < log[i - 1].AcceptedTime)
                {
                    yield return $"{partition}/{i} was accepted before the event before it";
                }
            }
        }

        foreach (var ((partition, offset), seen) in world.History.Seen)
        {
            var log = world.FinalLogs[partition];
            if (offset >= log.Count || log[(int)offset] != seen)
            {
                yield return $"a reader saw {seen} at {partition}/{offset}, and it is not there";
            }
        }
    }
}
