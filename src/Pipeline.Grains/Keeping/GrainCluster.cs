using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Grains.Instances;
using Pipeline.Grains.Partitions;
using Pipeline.Kernel.Identity;
using Pipeline.Processing.Instances;
using Pipeline.Replication.Loops;
using Pipeline.Replication.Partitions;

namespace Pipeline.Grains.Keeping;

/// <summary>The cluster as Orleans gives it: partitions and instances are grains.</summary>
public sealed class GrainCluster(IServiceProvider services, TimeProvider time) : ICluster
{
    private readonly ConcurrentDictionary<PartitionKey, GrainPartition> _partitions = new();
    private readonly ConcurrentDictionary<string, GrainInstance> _instances = new();

    /// <summary>The grain factory is there only once the silo is composed.</summary>
    private IGrainFactory Grains => services.GetRequiredService<IGrainFactory>();

    /// <summary>Instances that the keeper of this process opened, the latest of each name.</summary>
    internal ICollection<GrainInstance> Instances => _instances.Values;

    /// <summary>Lets go of handles that were stopped and that no other has taken the place of.</summary>
    internal void Prune()
    {
        foreach (var pair in _instances.Where(static pair => pair.Value.IsStopped))
        {
            _instances.TryRemove(pair);
        }
    }

    public IPartition OpenPartition(PartitionId id, LogId log) => _partitions.GetOrAdd(
        new PartitionKey(id, log), key => new GrainPartition(key, Grains, time));

    public async ValueTask ClosePartitionAsync(IPartition partition)
    {
        var grain = (GrainPartition)partition;
        _partitions.TryRemove(grain.Key, out _);
        await grain.CloseAsync();
    }

    public IInstance OpenInstance(InstanceAddress address, IPartition input) =>
        _instances[StageKey.Of(address)] = new GrainInstance(
            address, input, Grains, time, services.GetService<Supervisor>());

    /// <summary>The keeper has gone from this process.</summary>
    internal void Forget() => _instances.Clear();
}
