namespace Pipeline.Infra.Tests.Parsing;

/// <summary>What the gates ask of a Bicep file.</summary>
internal sealed class BicepFile
{
    private readonly BicepNode _root;

    public BicepFile(string path, BicepNode root)
    {
        (Path, _root) = (path, root);
        Variables = Declared("variable_declaration").ToDictionary(
            node => node.Nodes[0].Word, node => node.Nodes[^1], StringComparer.Ordinal);
        Resources =
        [
            .. Declared("resource_declaration").Select(node => new BicepResource(this, node)),
        ];
    }

    public string Path { get; }

    public IReadOnlyDictionary<string, BicepNode> Variables { get; }

    public IReadOnlyList<BicepResource> Resources { get; }

    public IEnumerable<string> Errors => _root.Descendants()
        .Where(node => node.Error is not null).Select(node => $"{Path}({node.Row}): {node.Error}");

    /// <summary>Name, and whether it has a default value.</summary>
    public IEnumerable<(string Name, bool HasDefault)> Parameters => Declared("parameter_declaration").Select(node =>
    {
        var parts = node.Nodes.Where(part => part.Type != "decorators").ToList();
        return (parts[0].Word, parts.Count > 2);
    });

    public IEnumerable<string> Outputs => Declared("output_declaration")
        .Select(node => node.Nodes.First(part => part.Type == "identifier").Word);

    /// <summary>Path as written, and the names of the parameters given.</summary>
    public IEnumerable<(string Path, IReadOnlyList<string> Given)> Modules => Declared("module_declaration")
        .Select(node => (
            node.Nodes.First(part => part.Type == "string").Word,
            (IReadOnlyList<string>)[
                .. BicepValues.Properties(this, node).Where(p => p.Path.StartsWith("params.", StringComparison.Ordinal))
                    .Select(p => p.Path.Split('.')[1]).Distinct(),
            ]));

    /// <summary>The texts of all strings.</summary>
    public IEnumerable<string> Strings => _root.Descendants()
        .Where(node => node.Type == "string").Select(node => node.Word);

    private IEnumerable<BicepNode> Declared(string type) => _root.Nodes.Where(node => node.Type == type);
}
