using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.Tidy.Tests.Rooms;

/// <summary>
/// Which folders of a project use which: an edge leads from where a type, or a member of it, is named to where it is
/// declared. Names are bound, so a property that is called as a type is no edge to that type.
/// </summary>
public sealed class FolderGraph
{
    private readonly Dictionary<(string From, string To), SortedSet<string>> _edges = [];

    /// <summary>By pair of folders, relative to the project ("." is its root): what one uses of the other.</summary>
    public IReadOnlyDictionary<(string From, string To), SortedSet<string>> Edges => _edges;

    /// <summary>The graph of one project among those that were compiled together.</summary>
    /// <param name="compilation">Trees by their paths from the root.</param>
    /// <param name="project">The project's folder, as src/Pipeline.Kernel.</param>
    public static FolderGraph Of(CSharpCompilation compilation, string project)
    {
        var graph = new FolderGraph();
        foreach (var tree in compilation.SyntaxTrees.Where(tree => IsIn(project, tree.FilePath)))
        {
            var model = compilation.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                var info = model.GetSymbolInfo(name);
                foreach (var symbol in info.Symbol is { } bound ? [bound] : info.CandidateSymbols)
                {
                    graph.Add(project, tree.FilePath, symbol);
                }
            }
        }

        return graph;
    }

    /// <summary>The folders that lie on cycles, one list for each set that reaches all of itself; in order.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cycles()
    {
        var reached = _edges.Keys.Select(static edge => edge.From).Distinct().ToDictionary(from => from, Reached);
        return [.. reached.Where(static pair => pair.Value.Contains(pair.Key))
            .Select(pair => pair.Value.Where(to => reached.GetValueOrDefault(to)?.Contains(pair.Key) == true)
                .Order(StringComparer.Ordinal).ToArray())
            .DistinctBy(static cycle => string.Join(", ", cycle))
            .OrderBy(static cycle => cycle[0], StringComparer.Ordinal)];
    }

    /// <summary>What holds a cycle together, the pairs that use least of each other first; for people.</summary>
    public string Describe(IReadOnlyList<string> cycle) => string.Join('\n', _edges
        .Where(edge => cycle.Contains(edge.Key.From) && cycle.Contains(edge.Key.To))
        .OrderBy(static edge => edge.Value.Count)
        .Select(static edge => $"{edge.Key.From} -> {edge.Key.To}: {string.Join(", ", edge.Value.Take(5))}"));

    private HashSet<string> Reached(string from)
    {
        var reached = new HashSet<string>();
        var waiting = new Stack<string>([from]);
        while (waiting.TryPop(out var folder))
        {
            foreach (var (_, to) in _edges.Keys.Where(edge => edge.From == folder && reached.Add(edge.To)))
            {
                waiting.Push(to);
            }
        }

        return reached;
    }

    private void Add(string project, string path, ISymbol symbol)
    {
        symbol = symbol is IMethodSymbol { ReducedFrom: { } extension } ? extension : symbol;
        if (symbol is INamespaceSymbol || (symbol as INamedTypeSymbol ?? symbol.ContainingType) is not { } type)
        {
            return;
        }

        foreach (var declared in type.OriginalDefinition.DeclaringSyntaxReferences
            .Select(static reference => reference.SyntaxTree.FilePath).Where(declared => IsIn(project, declared)))
        {
            var edge = (From: FolderOf(project, path), To: FolderOf(project, declared));
            if (edge.From != edge.To)
            {
                if (!_edges.TryGetValue(edge, out var uses))
                {
                    _edges.Add(edge, uses = new SortedSet<string>(StringComparer.Ordinal));
                }

                uses.Add($"{Path.GetFileNameWithoutExtension(path)} uses {type.Name}");
            }
        }
    }

    private static bool IsIn(string project, string path) =>
        path.StartsWith(project + "/", StringComparison.Ordinal);

    private static string FolderOf(string project, string path) =>
        path.LastIndexOf('/') is var end && end > project.Length ? path[(project.Length + 1)..end] : ".";
}
