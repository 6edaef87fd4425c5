using System.Globalization;
using Pipeline.Infra.Tests.Parsing;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>
/// The ports of the silos: an environment's exposed ports are its own, none twice, and none that the platform keeps.
/// </summary>
internal static class Ports
{
    private const int Generations = 2;

    private static readonly int[] Reserved = [36985, 80, 443];

    public static IEnumerable<string> Check(BicepFile file)
    {
        var step = Number(file, "portsPerGeneration");
        var ports = new[] { "siloPortBase", "gatewayPortBase" }
            .SelectMany(name => Enumerable.Range(Number(file, name), Generations * step)).ToList();
        foreach (var port in ports.Where(port => Reserved.Contains(port) || port is <= 0 or > ushort.MaxValue))
        {
            yield return $"{file.Path}: port {port} may not be exposed";
        }

        foreach (var twice in ports.GroupBy(port => port).Where(group => group.Count() > 1).Take(1))
        {
            yield return $"{file.Path}: port {twice.Key} is exposed twice";
        }
    }

    private static int Number(BicepFile file, string variable) =>
        int.Parse(file.Variables[variable].Word, CultureInfo.InvariantCulture);
}
