using Pipeline.Infra.Tests.Parsing;

namespace Pipeline.Infra.Tests.Gates;

/// <summary>Every resource type, version and property is in the list.</summary>
internal static class ResourceTypes
{
    /// <summary>What Bicep itself reads, whatever the resource.</summary>
    private static readonly string[] OfBicep = ["name", "parent", "scope", "dependsOn"];

    public static IEnumerable<string> Check(BicepFile file) => file.Resources.SelectMany(resource =>
    {
        if (!Checks.ResourceTypes.TryGetValue(resource.Type, out var allowed))
        {
            return [$"{resource.Where}: {resource.Type} is not in infra/checks/resource-types.json"];
        }

        return resource.Properties.Select(property => property.Path).Distinct()
            .Where(path => !OfBicep.Contains(path) && !IsTag(path) && !IsAllowed(path, allowed))
            .Select(path => $"{resource.Where}: {resource.Type} has no {path} in infra/checks/resource-types.json");
    });

    private static bool IsTag(string path) => path.StartsWith("tags.", StringComparison.Ordinal);

    private static bool IsAllowed(string path, IReadOnlyList<string> allowed) => allowed.Any(entry => entry == path
        || (entry.EndsWith(".*", StringComparison.Ordinal)
            && path.StartsWith(entry[..^1], StringComparison.Ordinal)));
}
