using Pipeline.Kernel.Identity;
using Pipeline.Simulation.Clients;
using Pipeline.Simulation.Histories;
using Pipeline.Simulation.Worlds;

namespace Pipeline.Simulation.Outputs;

/// <summary>What the stages have written, read from the first event on through the one process that is left.</summary>
public sealed class OutputReaders
{
    private readonly World _world;

    public OutputReaders(World world)
    {
        _world = world;
        Big = Read(WorldDefinition.Big, world.Options.Partitions);
        Counts = Read(WorldDefinition.Counts, WorldDefinition.CountPartitions);
        Late = Read(WorldDefinition.Late, Math.Max(world.Options.Partitions, WorldDefinition.CountPartitions));
    }

    public IReadOnlyList<List<ReadEvent>> Big { get; }

    public IReadOnlyList<List<ReadEvent>> Counts { get; }

    public IReadOnlyList<List<ReadEvent>> Late { get; }

    private List<ReadEvent>[] Read(StreamName stream, int partitions)
    {
        var logs = Enumerable.Range(0, partitions).Select(static _ => new List<ReadEvent>()).ToArray();
        for (var partition = 0; partition < partitions; partition++)
        {
            new LogReader(_world, _world.Outside.NewLoop($"{stream}/{partition}"), stream, partition)
                .Start(logs[partition].Add);
        }

        return logs;
    }
}
