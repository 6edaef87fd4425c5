namespace Pipeline.Infra.Tests.Parsing;

/// <summary>
/// The properties of an object, nested ones with their path; through arrays, loops, conditions, concat, union, and the
/// file's own variables.
/// </summary>
internal static class BicepValues
{
    private static readonly string[] Through =
    [
        "array", "if_statement", "ternary_expression", "parenthesized_expression", "arguments",
    ];

    private static readonly string[] Joining = ["concat(", "union("];

    public static IEnumerable<(string Path, BicepNode Value)> Properties(BicepFile file, BicepNode node) =>
        Walk(file, node, "", 0);

    private static IEnumerable<(string Path, BicepNode Value)> Walk(
        BicepFile file, BicepNode node, string path, int depth)
    {
        if (node.Type == "object_property")
        {
            var at = path.Length == 0 ? node.Nodes[0].Word : $"{path}.{node.Nodes[0].Word}";
            return Walk(file, node.Nodes[^1], at, depth).Prepend((at, node.Nodes[^1]));
        }

        if (node.Type == "identifier" && depth < 4 && file.Variables.TryGetValue(node.Word, out var variable))
        {
            return Walk(file, variable, path, depth + 1);
        }

        if (node.Type == "for_statement")
        {
            return Walk(file, node.Nodes[^1], path, depth);
        }

        var isOpen = node.Type is "object" or "module_declaration" || Through.Contains(node.Type)
            || (node.Type == "call_expression"
                && Joining.Any(call => node.Text!.StartsWith(call, StringComparison.Ordinal)));
        return isOpen ? node.Nodes.SelectMany(child => Walk(file, child, path, depth)) : [];
    }
}
