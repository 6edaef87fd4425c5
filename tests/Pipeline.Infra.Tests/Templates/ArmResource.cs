using System.Text.Json;

namespace Pipeline.Infra.Tests.Templates;

/// <summary>A resource that a deployment would make.</summary>
internal sealed record ArmResource(JsonElement Json)
{
    public string Type => Json.GetProperty("type").GetString()!;

    public string Name => Json.GetProperty("name").GetString()!;

    public string? ServiceTag => Texts("tags.azd-service-name").SingleOrDefault();

    /// <summary>Environment variables of its containers; null: the value is a secret.</summary>
    public IReadOnlyList<(string Name, string? Value)> Variables =>
    [
        .. At("properties.template.containers.env").Select(pair => (
            pair.GetProperty("name").GetString()!,
            pair.TryGetProperty("value", out var value) ? value.GetString() : null)),
    ];

    /// <summary>What stands at a path of names, in every element of the arrays on the way.</summary>
    public IEnumerable<JsonElement> At(string path) => path.Split('.').Aggregate(
        (IEnumerable<JsonElement>)[Json],
        static (nodes, name) => nodes.SelectMany(node => node.TryGetProperty(name, out var child) ? Each(child) : []));

    public IEnumerable<string> Texts(string path) => At(path).Select(node => node.GetString()!);

    public IEnumerable<int> Numbers(string path) => At(path).Select(node => node.GetInt32());

    public override string ToString() => $"{Type} {Name}";

    private static IEnumerable<JsonElement> Each(JsonElement node)
    {
        if (node.ValueKind != JsonValueKind.Array)
        {
            yield return node;
            yield break;
        }

        foreach (var element in node.EnumerateArray())
        {
            yield return element;
        }
    }
}
