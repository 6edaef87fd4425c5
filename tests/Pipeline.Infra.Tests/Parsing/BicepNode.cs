using System.Text.Json.Serialization;

namespace Pipeline.Infra.Tests.Parsing;

/// <summary>A node of a Bicep file's syntax tree, as parse.mjs writes it.</summary>
internal sealed record BicepNode(
    [property: JsonPropertyName("t")] string Type,
    [property: JsonPropertyName("r")] int Row,
    [property: JsonPropertyName("x")] string? Text,
    [property: JsonPropertyName("e")] string? Error,
    [property: JsonPropertyName("c")] IReadOnlyList<BicepNode>? Children)
{
    [JsonIgnore]
    public IReadOnlyList<BicepNode> Nodes => Children ?? [];

    /// <summary>The text of an identifier, or of a string without its quotes.</summary>
    [JsonIgnore]
    public string Word => (Text ?? (Nodes.Count > 0 ? Nodes[0].Word : "")).Trim('\'');

    public IEnumerable<BicepNode> Descendants() => Nodes.SelectMany(child => child.Descendants().Prepend(child));
}
