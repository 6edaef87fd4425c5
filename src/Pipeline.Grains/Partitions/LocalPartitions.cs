using System.Collections.Concurrent;
using Pipeline.Replication.Partitions.Driving;

namespace Pipeline.Grains.Partitions;

/// <summary>The partitions that this silo has, and what of them the keeper was not told yet. From any thread.</summary>
internal sealed class LocalPartitions(ILocalSiloDetails silo)
{
    private readonly ConcurrentDictionary<string, PartitionDriver> _drivers = new();
    private Dictionary<string, PartitionReport> _told = [];
    private long _number;

    public void Add(string key, PartitionDriver driver) => _drivers[key] = driver;

    /// <summary>Ends what <see cref="Add"/> said, unless a later activation has the key by now.</summary>
    public void Remove(string key, PartitionDriver driver) =>
        _drivers.TryRemove(new KeyValuePair<string, PartitionDriver>(key, driver));

    /// <summary>The next report; one at a time.</summary>
    /// <param name="isFull">The keeper does not know the one before.</param>
    public SiloReport Next(bool isFull)
    {
        var address = silo.SiloAddress;
        var now = _drivers.ToDictionary(
            static pair => pair.Key, pair => PartitionReport.Of(address, pair.Value.Status));
        var before = isFull ? [] : _told;
        _told = now;
        return new SiloReport
        {
            Silo = address,
            Number = ++_number,
            IsFull = isFull,
            Partitions = now.Where(pair => before.GetValueOrDefault(pair.Key) != pair.Value).ToDictionary(),
            Gone = [.. before.Keys.Where(key => !now.ContainsKey(key))],
        };
    }
}
