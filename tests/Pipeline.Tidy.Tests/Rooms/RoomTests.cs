using Microsoft.CodeAnalysis.CSharp;

namespace Pipeline.Tidy.Tests.Rooms;

/// <summary>
/// Within a project folders use each other one way, and no project grows beyond what one can know: a project is a room
/// (docs/decisions/0032-rooms.md).
/// </summary>
public sealed class RoomTests
{
    private const int MaxLines = 8_000;

    /// <summary>Cycles that are still there, each with the reason. They may go, not come.</summary>
    private static readonly string[] AllowedCycles =
    [
        // Aggregates are expressions over what windows keep, and windows evaluate expressions: to be cut by what an
        // expression reads (a row) and what it does not know (a table of groups).
        "src/Pipeline.Queries: Aggregates, Analytics, Expressions, Functions, Json, Keeping, Operators, Values, "
            + "Windows",
    ];

    /// <summary>Projects over the limit, each with the most it may have and why it is not cut.</summary>
    private static readonly Dictionary<string, int> Larger = new()
    {
        // Register, log and stage machines are searched and simulated as one pure layer; they share codecs and ids,
        // and none of them can be taken without the others' words.
        ["src/Pipeline.Kernel"] = 12_000,

        // One language: its functions and aggregates are many, small and alike, and a cut would part the binder from
        // what it binds to.
        ["src/Pipeline.Queries"] = 15_000,
    };

    [Fact]
    public void Folders_of_a_project_use_each_other_one_way()
    {
        var graphs = Product.Projects.ToDictionary(
            static project => project, static project => FolderGraph.Of(Product.Compilation, project));
        var found = graphs.SelectMany(static graph => graph.Value.Cycles().Select(cycle =>
            (Name: $"{graph.Key}: {string.Join(", ", cycle)}", Cause: graph.Value.Describe(cycle)))).ToArray();

        Assert.All(found, cycle => Assert.True(AllowedCycles.Contains(cycle.Name), $"{cycle.Name}\n{cycle.Cause}"));
        Assert.Equal(AllowedCycles, found.Select(static cycle => cycle.Name));
    }

    [Fact]
    public void No_project_is_over_8000_lines()
    {
        foreach (var project in Product.Projects)
        {
            var lines = Repository.Files
                .Where(file => file.IsCSharp && file.Path.StartsWith(project + "/", StringComparison.Ordinal))
                .Sum(static file => file.Lines.Length);
            var most = Larger.GetValueOrDefault(project, MaxLines);
            Assert.True(lines <= most, $"{project} has {lines} lines, at most {most}: cut it by what it owns");
            Assert.False(Larger.ContainsKey(project) && lines <= MaxLines, $"{project} needs no exception any more");
        }
    }

    [Fact]
    public void A_cycle_through_a_third_folder_is_found_with_its_cause()
    {
        var graph = GraphOf(
            ("src/P/A/X.cs", "namespace P.A; public class X { public B.Y? Y; }"),
            ("src/P/B/Y.cs", "namespace P.B; public class Y { public int N => C.Z.N; }"),
            ("src/P/C/Z.cs", "namespace P.C; public class Z { public const int N = 1; object x = new A.X(); }"),
            ("src/P/D/W.cs", "namespace P.D; public class W : A.X;"));

        var cycle = Assert.Single(graph.Cycles());
        Assert.Equal(["A", "B", "C"], cycle);
        Assert.Contains("C -> A: Z uses X", graph.Describe(cycle));
    }

    [Fact]
    public void A_folder_and_the_one_it_lies_in_are_two()
    {
        var graph = GraphOf(
            ("src/P/X.cs", "namespace P; public class X { public A.Y? Y; }"),
            ("src/P/A/Y.cs", "namespace P.A; public class Y { X? _x; }"));

        Assert.Equal([".", "A"], Assert.Single(graph.Cycles()));
    }

    [Fact]
    public void An_extension_and_a_member_are_edges_and_a_property_of_a_types_name_is_none()
    {
        var graph = GraphOf(
            ("src/P/A/X.cs", "using P.B; namespace P.A; public class X { public int Z => 1; int M() => this.N(); }"),
            ("src/P/B/Y.cs", "namespace P.B; public static class Y { public static int N(this object x) => 1; }"),
            ("src/P/C/Z.cs", "namespace P.C; public class Z { public A.X? X; }"));

        Assert.Equal([("A", "B"), ("C", "A")], graph.Edges.Keys.Order());
        Assert.Empty(graph.Cycles());
    }

    private static FolderGraph GraphOf(params (string Path, string Text)[] files) => FolderGraph.Of(
        CSharpCompilation.Create(
            "example",
            files.Select(static file => CSharpSyntaxTree.ParseText(file.Text, path: file.Path)),
            Product.Compilation.References),
        "src/P");
}
