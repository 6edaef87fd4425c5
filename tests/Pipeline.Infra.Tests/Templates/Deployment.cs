using System.Text.Json;

namespace Pipeline.Infra.Tests.Templates;

/// <summary>What a deployment would make, by the compiler's prediction.</summary>
internal sealed class Deployment(string json)
{
    private readonly JsonElement _root = JsonDocument.Parse(json).RootElement;

    public string Json { get; } = json;

    public IReadOnlyList<ArmResource> Resources =>
        [.. _root.GetProperty("predictedResources").EnumerateArray().Select(resource => new ArmResource(resource))];

    /// <summary>By name, as azd makes environment variables of them.</summary>
    public IEnumerable<(string Name, string Value)> Outputs => _root.GetProperty("outputs").EnumerateObject()
        .Select(output => (output.Name, output.Value.ToString()));

    /// <summary>The same with one text in the place of another, which is there: a mistake in the template.</summary>
    public Deployment With(string right, string wrong)
    {
        Assert.Contains(right, Json, StringComparison.Ordinal);
        return new Deployment(Json.Replace(right, wrong, StringComparison.Ordinal));
    }
}
