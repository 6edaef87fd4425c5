using Pipeline.Infra.Tests.Parsing;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>azd finds services by tag: each service of azure.yaml has one resource with it, and just one.</summary>
internal static class ServiceTags
{
    public static IEnumerable<string> Check(IEnumerable<BicepFile> files, IReadOnlyList<string> services)
    {
        var tagged = files.SelectMany(file => file.Resources).SelectMany(resource => resource.Properties
            .Where(property => property.Path == "tags.azd-service-name")
            .Select(property => (Service: property.Value.Word, Resource: resource))).ToList();
        foreach (var service in services)
        {
            var count = tagged.Count(tag => tag.Service == service);
            if (count != 1)
            {
                yield return $"{count} resources have the tag azd-service-name: {service}, not one";
            }
        }

        foreach (var (service, resource) in tagged.Where(tag => !services.Contains(tag.Service)))
        {
            yield return $"{resource.Where}: azure.yaml has no service {service}";
        }

        foreach (var (_, resource) in tagged.Where(tag => tag.Resource.IsLoop
            && tag.Resource.Properties.First(property => property.Path == "tags").Value.Type != "ternary_expression"))
        {
            yield return $"{resource.Where}: every resource of the loop has the tag azd-service-name";
        }
    }
}
