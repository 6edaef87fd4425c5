namespace Pipeline.Infra.Tests.Parsing;

/// <summary>A resource as a file declares it.</summary>
internal sealed class BicepResource(BicepFile file, BicepNode node)
{
    private static readonly string[] Bodies = ["object", "for_statement", "if_statement"];

    public string Symbol => node.Nodes.First(part => part.Type == "identifier").Word;

    /// <summary>Type and version: Microsoft.App/containerApps@2026-01-01.</summary>
    public string Type => node.Nodes.First(part => part.Type == "string").Word;

    public string Where => $"{file.Path}({node.Row})";

    public bool IsLoop => Body.Type == "for_statement";

    /// <summary>Every property the file gives it, with the value of those that are written here.</summary>
    public IEnumerable<(string Path, BicepNode Value)> Properties => BicepValues.Properties(file, Body);

    private BicepNode Body => node.Nodes.First(part => Bodies.Contains(part.Type));

    /// <summary>The names and values of a property's objects: env of containers.</summary>
    public IEnumerable<(string Name, string? Value)> Pairs(string path)
    {
        string? name = null;
        foreach (var (at, value) in Properties.Where(p => p.Path.StartsWith(path + ".", StringComparison.Ordinal)))
        {
            if (at == path + ".name")
            {
                name = value.Word;
            }
            else if (name is not null)
            {
                yield return (name, value.Text?.Trim('\''));
                name = null;
            }
        }
    }
}
