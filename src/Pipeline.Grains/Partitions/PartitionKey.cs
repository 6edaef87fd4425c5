using System.Globalization;
using Pipeline.Kernel.Identity;

namespace Pipeline.Grains.Partitions;

/// <summary>
/// The key of a partition's grain: "stream/number/partition". The number is the stream's in the catalog, so that a
/// stream deleted and created anew is served by other grains.
/// </summary>
internal readonly record struct PartitionKey(PartitionId Id, LogId Log)
{
    public static PartitionKey Parse(string text)
    {
        var parts = text.Split('/');
        var number = long.Parse(parts[1], CultureInfo.InvariantCulture);
        var index = int.Parse(parts[2], CultureInfo.InvariantCulture);
        return new PartitionKey(new PartitionId(new StreamName(parts[0]), index), new LogId(number, index));
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Id.Stream.Value}/{Log.Stream}/{Log.Partition}");
}
