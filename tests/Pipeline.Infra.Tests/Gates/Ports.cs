using System.Globalization;
using Pipeline.Infra.Tests.Templates;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>
/// The ports of the silos, of both generations: an environment's exposed ports are its own, none twice, none that the
/// platform keeps, and a silo tells the others the ports that it is exposed at.
/// </summary>
internal static class Ports
{
    private const string Ingress = "properties.configuration.ingress";

    private static readonly int[] Reserved = [36985, 80, 443];

    public static IEnumerable<string> Check(IReadOnlyList<ArmResource> silos)
    {
        var ports = silos.SelectMany(silo => Exposed(silo).Select(port => (silo.Name, Port: port))).ToList();
        foreach (var (name, port) in ports.Where(p => Reserved.Contains(p.Port) || p.Port is <= 0 or > ushort.MaxValue))
        {
            yield return $"{name}: port {port} may not be exposed";
        }

        foreach (var twice in ports.GroupBy(p => p.Port).Where(group => group.Count() > 1))
        {
            yield return $"{string.Join(", ", twice.Select(p => p.Name))}: port {twice.Key} is exposed twice";
        }

        foreach (var silo in silos)
        {
            string[] told =
            [
                .. silo.Variables.Where(pair => pair.Name is "Orleans__Endpoints__SiloPort"
                    or "Orleans__Endpoints__GatewayPort").Select(pair => pair.Value!),
            ];
            var exposed = Exposed(silo).Select(port => port.ToString(CultureInfo.InvariantCulture));
            if (!exposed.SequenceEqual(told))
            {
                yield return $"{silo.Name}: tells others the ports {string.Join(", ", told)}, where it is not exposed";
            }
        }
    }

    private static IEnumerable<int> Exposed(ArmResource silo) => silo.Numbers($"{Ingress}.exposedPort")
        .Concat(silo.Numbers($"{Ingress}.additionalPortMappings.exposedPort"));
}
