using System.Globalization;
using Pipeline.Processing.Instances;

namespace Pipeline.Grains.Instances;

/// <summary>The key of an instance's grain: "pipeline/stage/input stream's number/partition".</summary>
internal static class StageKey
{
    public static string Of(InstanceAddress address) => string.Create(
        CultureInfo.InvariantCulture,
        $"{address.Pipeline}/{address.Stage}/{address.InputStream}/{address.Partition}");

    public static InstanceAddress Parse(string key, string definition)
    {
        var parts = key.Split('/');
        return new InstanceAddress(
            parts[0],
            parts[1],
            long.Parse(parts[2], CultureInfo.InvariantCulture),
            int.Parse(parts[3], CultureInfo.InvariantCulture),
            definition);
    }
}
