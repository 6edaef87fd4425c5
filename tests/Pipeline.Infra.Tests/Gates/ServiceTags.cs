using Pipeline.Infra.Tests.Templates;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>azd finds services by tag: each service of azure.yaml has one resource with it, and just one.</summary>
internal static class ServiceTags
{
    public static IEnumerable<string> Check(IReadOnlyList<ArmResource> resources, IReadOnlyList<string> services)
    {
        foreach (var service in services)
        {
            var count = resources.Count(resource => resource.ServiceTag == service);
            if (count != 1)
            {
                yield return $"{count} resources have the tag azd-service-name: {service}, not one";
            }
        }

        foreach (var resource in resources.Where(r => r.ServiceTag is { } tag && !services.Contains(tag)))
        {
            yield return $"{resource}: azure.yaml has no service {resource.ServiceTag}";
        }
    }
}
