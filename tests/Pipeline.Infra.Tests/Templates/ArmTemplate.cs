using System.Text.Json;

namespace Pipeline.Infra.Tests.Templates;

/// <summary>An ARM template, as the compiler makes it.</summary>
internal sealed record ArmTemplate(string Path, JsonElement Json)
{
    public IEnumerable<(string Name, string Type, bool HasDefault)> Parameters => !Json.TryGetProperty(
        "parameters", out var parameters) ? [] : parameters.EnumerateObject().Select(parameter => (
            parameter.Name,
            parameter.Value.GetProperty("type").GetString()!,
            parameter.Value.TryGetProperty("defaultValue", out _)));

    public IEnumerable<string> Outputs => Json.GetProperty("outputs").EnumerateObject().Select(output => output.Name);

    /// <summary>All texts in it and in the modules that it holds.</summary>
    public IEnumerable<string> Strings => Walk(Json);

    private static IEnumerable<string> Walk(JsonElement node) => node.ValueKind switch
    {
        JsonValueKind.String => [node.GetString()!],
        JsonValueKind.Array => node.EnumerateArray().SelectMany(Walk),
        JsonValueKind.Object => node.EnumerateObject().SelectMany(property => Walk(property.Value)),
        _ => [],
    };
}
